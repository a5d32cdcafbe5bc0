#include "libscan/config/toml.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <tuple>

// The parser's own recursion ends where ours does. Formatters and exceptions are not used.
#define TOML_MAX_NESTED_VALUES 64
#define TOML_ENABLE_FORMATTERS 0
// toml++ 3.3 asserts, and lets clang assume, that a header begins with a key; "[!]" does not. Behind the assertion
// stands a branch that refuses it properly: it is kept by asserting and assuming nothing, in every build.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expr) static_assert(true)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::config {
namespace {

static_assert(kMaxTomlDepth == TOML_MAX_NESTED_VALUES);

Place place_of_region(const toml::source_region& region) noexcept {
  return {static_cast<std::uint32_t>(region.begin.line), static_cast<std::uint32_t>(region.begin.column)};
}

std::string at(std::string_view file, Place place) {
  return place.line == 0 ? printable(file) : fmt::format("{}:{}:{}", printable(file), place.line, place.column);
}

// Foreign text inside a message: one line, short.
std::string quoted(std::string_view name) { return "'" + ellipsize(printable(name), 60) + "'"; }

// ---- what the parser cannot bear ---------------------------------------------------------------------------

// A pass before parsing for what would harm the parser. It follows strings and comments exactly in valid TOML; where
// the text is invalid the parser stops at the same place, so nothing behind matters.
//
// - toml++ bounds nested values but not the parts of a dotted key, and destroys the tree recursively: a header of a
//   million parts would end the stack.
// - Outside strings and comments TOML is ASCII. What toml++ 3.3 does with other characters there is undefined
//   behaviour (is_non_ascii_horizontal_whitespace falls into a branch it declares unreachable).
class PreCheck {
 public:
  explicit PreCheck(std::string_view text) noexcept : text_(text) {
    if (text_.starts_with("\xef\xbb\xbf")) i_ = 3;
  }

  struct Offence {
    std::size_t offset;
    std::string what;
  };

  std::optional<Offence> find_offence() {
    std::size_t dots = 0;
    while (i_ < text_.size()) {
      if (static_cast<unsigned char>(text_[i_]) >= 0x80)
        return Offence{i_, "a character beyond ASCII may stand only in a string or a comment"};
      switch (text_[i_]) {
        case '"':
        case '\'': skip_string(text_[i_]); continue;
        case '#': i_ = std::min(text_.find('\n', i_), text_.size()); continue;
        case '.':
          if (++dots >= kMaxKeyParts)
            return Offence{i_, fmt::format("a key has more than {} dotted parts", kMaxKeyParts)};
          break;
        case '=':
        case ',':
        case '{':
        case '[':
        case '\n': dots = 0; break;
        default: break;
      }
      ++i_;
    }
    return std::nullopt;
  }

 private:
  void skip_string(char quote) noexcept {
    const std::array<char, 3> triple{quote, quote, quote};
    const bool multi_line = text_.substr(i_, 3) == std::string_view(triple.data(), 3);
    i_ += multi_line ? 3 : 1;
    while (i_ < text_.size()) {
      if (text_[i_] == '\\' && quote == '"') {
        i_ += 2;
      } else if (text_[i_] == quote) {
        if (!multi_line) return void(++i_);
        if (text_.substr(i_, 3) == std::string_view(triple.data(), 3)) return skip_closing_quotes(quote);
        ++i_;
      } else if (text_[i_] == '\n' && !multi_line) {
        return;
      } else {
        ++i_;
      }
    }
  }

  // A multi-line string may end in up to two quotes of its own before the three that close it.
  void skip_closing_quotes(char quote) noexcept {
    for (int n = 0; n < 5 && i_ < text_.size() && text_[i_] == quote; ++n) ++i_;
  }

  std::string_view text_;
  std::size_t i_ = 0;
};

// ---- toml++ tree -> our values -------------------------------------------------------------------------------

std::string text_of(const toml::date& d) { return fmt::format("{:04}-{:02}-{:02}", d.year, d.month, d.day); }

std::string text_of(const toml::time& t) {
  std::string out = fmt::format("{:02}:{:02}:{:02}", t.hour, t.minute, t.second);
  if (t.nanosecond != 0) out += fmt::format(".{:09}", t.nanosecond);
  return out;
}

std::string text_of(const toml::date_time& dt) {
  std::string out = text_of(dt.date) + "T" + text_of(dt.time);
  if (!dt.offset) return out;
  const int minutes = dt.offset->minutes;
  if (minutes == 0) return out + "Z";
  return out + fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

Table convert_table(const toml::table& from);

// Recursion is bounded: kMaxTomlDepth values, each under a key of at most kMaxKeyParts parts.
Value convert(const toml::node& from) {
  Value to{false, place_of_region(from.source())};
  if (const auto* table = from.as_table()) {
    to.data = convert_table(*table);
  } else if (const auto* array = from.as_array()) {
    Array values;
    values.reserve(array->size());
    for (const toml::node& element : *array) values.push_back(convert(element));
    to.data = std::move(values);
  } else if (const auto* s = from.as_string()) {
    to.data = s->get();
  } else if (const auto* i = from.as_integer()) {
    to.data = i->get();
  } else if (const auto* f = from.as_floating_point()) {
    to.data = f->get();
  } else if (const auto* b = from.as_boolean()) {
    to.data = b->get();
  } else if (const auto* d = from.as_date()) {
    to.data = text_of(d->get());
  } else if (const auto* t = from.as_time()) {
    to.data = text_of(t->get());
  } else if (const auto* dt = from.as_date_time()) {
    to.data = text_of(dt->get());
  }
  return to;
}

Table convert_table(const toml::table& from) {
  Table to;
  to.reserve(from.size());
  for (const auto& [key, node] : from) {
    const Place key_place = place_of_region(key.source());
    Value value = convert(node);
    if (value.place.line == 0) value.place = key_place;  // a table only implied by a deeper header
    to.push_back({std::string(key.str()), key_place, std::move(value)});
  }
  std::stable_sort(to.begin(), to.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.key_place.line, a.key_place.column) < std::tie(b.key_place.line, b.key_place.column);
  });
  return to;
}

bool same_key(std::string_view a, std::string_view b, bool ignore_case) noexcept {
  if (!ignore_case) return a == b;
  const auto lower = [](char c) { return std::tolower(static_cast<unsigned char>(c)); };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return lower(x) == lower(y); });
}

std::string_view with_article(std::string_view type) noexcept {
  if (type == "integer") return "an integer";
  if (type == "array") return "an array";
  if (type == "boolean") return "a boolean";
  if (type == "number") return "a number";
  if (type == "string") return "a string";
  return "a table";
}

}  // namespace

std::string_view Value::type_name() const noexcept {
  static constexpr std::array<std::string_view, 6> kNames{"boolean", "integer", "number", "string", "array", "table"};
  return kNames[data.index()];
}

Result<Table> parse_toml(std::string_view text, std::string_view name) {
  if (text.size() > kMaxTomlBytes)
    return fail(ErrorCode::config, fmt::format("{}: {} bytes are more than a configuration may have ({})",
                                               printable(name), text.size(), kMaxTomlBytes));
  if (const auto offence = PreCheck(text).find_offence()) {
    const auto place = LineCounter(text).at(offence->offset);
    return fail(ErrorCode::config, at(name, {place.line, place.column}) + ": " + offence->what);
  }
  const toml::parse_result parsed = toml::parse(text);
  if (!parsed) {
    // The parser's sentence may quote the text around the fault, and that may be a secret.
    return fail(ErrorCode::config, at(name, place_of_region(parsed.error().source())) + ": " +
                                       ellipsize(printable(mask_suspicious(parsed.error().description())), 200));
  }
  return convert_table(parsed.table());
}

// ---- TableReader ---------------------------------------------------------------------------------------------

TableReader::TableReader(const Table& table, Place place, std::string_view file, std::string context, bool ignore_case)
    : table_(table), place_(place), file_(file), context_(std::move(context)), ignore_case_(ignore_case) {
  if (!ignore_case_) return;  // the parser has refused equal keys
  std::vector<std::pair<std::string, Place>> keys;
  for (const Entry& e : table_) {
    std::string key = e.key;
    std::transform(key.begin(), key.end(), key.begin(), [](unsigned char c) { return std::tolower(c); });
    keys.emplace_back(std::move(key), e.key_place);
  }
  std::stable_sort(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  const auto twice =
      std::adjacent_find(keys.begin(), keys.end(), [](const auto& a, const auto& b) { return a.first == b.first; });
  if (twice != keys.end())
    reject(std::next(twice)->second, "key " + quoted(twice->first) + " is given twice (case does not matter)",
           "keep one of the two");
}

const Entry* TableReader::entry(std::string_view key) const {
  for (const Entry& e : table_)
    if (same_key(e.key, key, ignore_case_)) return &e;
  return nullptr;
}

const Value* TableReader::find(std::string_view key) {
  known_.emplace_back(key);
  const Entry* e = entry(key);
  return e == nullptr ? nullptr : &e->value;
}

void TableReader::wrong_type(std::string_view key, const Value& value, std::string_view wanted, std::string hint) {
  reject(value.place,
         fmt::format("{} must be {}, not {}", quoted(key), with_article(wanted), with_article(value.type_name())),
         std::move(hint));
}

std::optional<std::string> TableReader::string(std::string_view key) {
  const Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* s = std::get_if<std::string>(&value->data)) return *s;
  wrong_type(key, *value, "string", fmt::format("put the value in quotes: {} = \"…\"", key));
  return std::nullopt;
}

std::optional<bool> TableReader::boolean(std::string_view key) {
  const Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* b = std::get_if<bool>(&value->data)) return *b;
  wrong_type(key, *value, "boolean", fmt::format("write {0} = true or {0} = false, without quotes", key));
  return std::nullopt;
}

std::optional<std::int64_t> TableReader::integer(std::string_view key) {
  const Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* i = std::get_if<std::int64_t>(&value->data)) return *i;
  wrong_type(key, *value, "integer", "write a whole number, without quotes");
  return std::nullopt;
}

std::optional<double> TableReader::number(std::string_view key) {
  const Value* value = find(key);
  if (value == nullptr) return std::nullopt;
  if (const auto* d = std::get_if<double>(&value->data)) return *d;
  if (const auto* i = std::get_if<std::int64_t>(&value->data)) return static_cast<double>(*i);
  wrong_type(key, *value, "number", "write a number, without quotes");
  return std::nullopt;
}

std::vector<std::string> TableReader::strings(std::string_view key) {
  std::vector<std::string> out;
  const Value* value = find(key);
  if (value == nullptr) return out;
  const auto* array = std::get_if<Array>(&value->data);
  if (array == nullptr) {
    wrong_type(key, *value, "array", fmt::format("write a list: {} = [\"…\"]", key));
    return out;
  }
  out.reserve(array->size());
  for (const Value& element : *array) {
    if (const auto* s = std::get_if<std::string>(&element.data)) {
      out.push_back(*s);
      continue;
    }
    reject(element.place,
           fmt::format("{} must hold strings only, not {}", quoted(key), with_article(element.type_name())));
    return {};
  }
  return out;
}

const Table* TableReader::table(std::string_view key) {
  const Value* value = find(key);
  if (value == nullptr) return nullptr;
  if (const auto* t = std::get_if<Table>(&value->data)) return t;
  wrong_type(key, *value, "table", fmt::format("write it as a section: [{}]", key));
  return nullptr;
}

std::vector<const Value*> TableReader::tables(std::string_view key) {
  std::vector<const Value*> out;
  const Value* value = find(key);
  if (value == nullptr) return out;
  if (std::holds_alternative<Table>(value->data)) return {value};
  const auto* array = std::get_if<Array>(&value->data);
  if (array == nullptr) {
    wrong_type(key, *value, "table", fmt::format("write each as a section: [[{}]]", key));
    return out;
  }
  for (const Value& element : *array) {
    if (std::holds_alternative<Table>(element.data)) {
      out.push_back(&element);
      continue;
    }
    reject(element.place,
           fmt::format("{} must hold tables only, not {}", quoted(key), with_article(element.type_name())),
           fmt::format("write each as a section: [[{}]]", key));
    return {};
  }
  return out;
}

const Value* TableReader::raw(std::string_view key) { return find(key); }

bool TableReader::has(std::string_view key) const { return entry(key) != nullptr; }

Place TableReader::place_of(std::string_view key) const {
  const Entry* e = entry(key);
  return e == nullptr ? place_ : e->key_place;
}

Unexpected TableReader::error_at(Place place, std::string what, std::string hint) const {
  const std::string context = context_.empty() ? "" : "in " + printable(context_) + ": ";
  return fail(ErrorCode::config, at(file_, place) + ": " + context + what, std::move(hint));
}

void TableReader::reject(Place place, std::string what, std::string hint) {
  if (!failure_) failure_ = error_at(place, std::move(what), std::move(hint)).error;
}

Result<void> TableReader::finish() {
  if (failure_) return Unexpected{*failure_};
  for (const Entry& e : table_) {
    const auto is_it = [&](const std::string& key) { return same_key(key, e.key, ignore_case_); };
    if (std::any_of(known_.begin(), known_.end(), is_it)) continue;
    const std::string_view near = e.key.size() > 64 ? std::string_view{} : nearest(e.key, known_);
    return error_at(e.key_place, "unknown key " + quoted(e.key),
                    near.empty() ? "remove it, or see the documentation for the keys known here"
                                 : fmt::format("did you mean '{}'?", near));
  }
  return {};
}

}  // namespace launchgate::config
