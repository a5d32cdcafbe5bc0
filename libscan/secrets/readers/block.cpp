// The entries of a block of keys, whatever language it is written in:
//
//   const API_KEYS = { hunter: 'x', ipstack: "y" }      in brackets, of JSON, JavaScript, Python, PHP, Go, HCL, …
//   tokens = ["x", "y"]                                  the same, without names
//   api_keys:                                            by indentation, of YAML
//     hunter: x
//   [secrets]                                            a section, of TOML and INI
//   hunter = x
//   API_KEYS=x,y                                         on one line, of dotenv files and shells
#include "libscan/secrets/readers/read.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_program.hpp"

namespace launchgate::secrets::read {
namespace {

bool is_bare(char c) { return is_alnum(c) || std::string_view("_-.~+/=").find(c) != std::string_view::npos; }
bool is_open(char c) { return c == '{' || c == '[' || c == '('; }
bool is_close(char c) { return c == '}' || c == ']' || c == ')'; }

class Block {
 public:
  Block(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out)
      : text_(within_reach(text, heading)),
        heading_(heading),
        named_(named),
        password_(holds_passwords(text.substr(named.begin, named.end - named.begin))),
        at_(heading.end),
        most_(out.size() + Reader::kMostValues),
        out_(out) {}

  std::size_t run() {
    const NameKind kind = name_kind(part(named_));
    if (kind == NameKind::none || kind == NameKind::public_key) return heading_.end;  // "foreign_keys"
    const char last = text_[heading_.end - 1];
    bool closed = false;
    if (is_open(last))
      closed = brackets();
    else if (last == '\n')
      closed = ends_in_bracket() ? section() : indented();
    else
      closed = one_line();
    return read_up_to(heading_, at_, closed);
  }

 private:
  std::string_view part(ByteRange r) const { return text_.substr(r.begin, r.end - r.begin); }
  bool full() const { return out_.size() >= most_; }

  // ---- in brackets ----

  // To the bracket that closes the block. False when there is none within reach.
  bool brackets() {
    int depth = 1;
    std::size_t entry = at_;  // where the entry at hand begins
    while (at_ < text_.size() && !full()) {
      const char c = text_[at_];
      if (is_quote(c)) {
        if (!quoted(entry)) return false;
      } else if (begins_comment()) {
        at_ = std::min(text_.size(), text_.find('\n', at_));
      } else if (is_bare(c)) {
        bare(entry);
      } else {
        depth += is_open(c) ? 1 : is_close(c) ? -1 : 0;
        ++at_;
        if (depth == 0) return true;
        if (c == ',' || c == ';' || c == '\n' || c == '{' || c == '[') entry = at_;
      }
    }
    return false;
  }

  bool begins_comment() const {
    const std::string_view rest = text_.substr(at_, 2);
    const char before = text_[at_ - 1];
    return rest == "//" || (rest.starts_with('#') && (is_space(before) || before == ',' || is_open(before)));
  }

  // A string, from quote to quote. False when it has no end.
  bool quoted(std::size_t entry) {
    const char quote = text_[at_];
    const std::size_t begin = ++at_;
    while (at_ < text_.size() && text_[at_] != quote && text_[at_] != '\n') at_ += text_[at_] == '\\' ? 2 : 1;
    if (at_ >= text_.size()) return false;
    const ByteRange string{begin, at_};
    at_ += text_[at_] == quote ? 1 : 0;
    if (!names_what_follows()) take(entry, string);
    return true;
  }

  // A word without quotes: a value of a list in YAML's or a shell's manner, a name, or a piece of a program.
  void bare(std::size_t entry) {
    const std::size_t begin = at_;
    while (at_ < text_.size() && is_bare(text_[at_])) ++at_;
    const ByteRange word{begin, at_};
    const bool alone = trimmed(text_, {entry, begin}, "-").begin == begin;
    const std::size_t next = std::min(text_.find_first_not_of(" \t\r", at_), text_.size());
    const bool ends = next == text_.size() || text_[next] == ',' || text_[next] == ']' || text_[next] == '\n';
    if (alone && ends) take(word.begin, word);
  }

  bool names_what_follows() const {
    const std::size_t next = text_.find_first_not_of(" \t\r\n", at_);
    if (next == std::string_view::npos) return false;
    const std::string_view rest = text_.substr(next, 2);
    return rest.starts_with(':') || rest == "=>" || (rest.starts_with('=') && rest != "==");
  }

  // ---- line by line ----

  // What stands on the line in front of the heading's name.
  std::string_view before_name() const {
    const std::size_t line = line_start(text_, named_.begin);
    return text_.substr(line, named_.begin - line);
  }

  bool ends_in_bracket() const { return part({named_.end, heading_.end}).find(']') != std::string_view::npos; }

  // Entries to the first line of which ends(line) is true.
  template <class Ends>
  bool lines(Ends ends) {
    while (at_ < text_.size() && !full()) {
      const std::size_t end = std::min(text_.size(), text_.find('\n', at_));
      const ByteRange line = trimmed(text_, {at_, end}, "");
      if (line.begin < line.end) {
        if (ends(text_.substr(at_, end - at_))) return true;
        entry_of(line);
      }
      at_ = std::min(text_.size(), end + 1);
    }
    return at_ >= text_.size();
  }

  bool section() {
    if (!before_name().starts_with('[')) return true;
    return lines([](std::string_view line) { return line.starts_with('['); });
  }

  // The entries that are set in deeper than the heading; elements of a list may stand as far left as it does.
  bool indented() {
    const std::string_view before = before_name();
    if (before.find_first_not_of(" \t-\"'") != before.npos) return true;  // of a sentence
    const std::size_t heading = before.size() - (!before.empty() && is_quote(before.back()) ? 1 : 0);
    return lines([&](std::string_view line) {
      const std::size_t own = line.find_first_not_of(" \t");
      if (line[own] == '#') return false;
      return own < heading || (own == heading && !line.substr(own).starts_with("- "));
    });
  }

  // "name: value", "- value", "name = value"; quotes, and what is said behind it, left out.
  void entry_of(ByteRange line) {
    std::string_view all = part(line);
    if (all.front() == '#' || all.front() == ';') return;
    const bool element = all.starts_with("- ");
    const std::size_t whole = element ? std::min(line.end, text_.find_first_not_of(' ', line.begin + 1)) : line.begin;
    std::size_t begin = behind_name({whole, line.end});
    if (begin == whole && !element) return;  // a line of a longer text
    std::size_t end = line.end;
    if (begin < end && is_quote(text_[begin])) {
      end = std::min(end, text_.find(text_[begin], begin + 1));
      ++begin;
    } else {
      end = std::min({end, text_.find(" #", begin), text_.find("\t#", begin)});
    }
    const ByteRange value = trimmed(text_, {std::min(begin, end), end}, "");
    if (value.begin < value.end) take(whole, value);
  }

  // Behind `name:` or `name =`; where the line begins when it has neither.
  std::size_t behind_name(ByteRange line) const {
    std::size_t at = line.begin;
    while (at < line.end && (is_name_char(text_[at]) || is_quote(text_[at]) || text_[at] == ' ')) ++at;
    if (at == line.end || (text_[at] != ':' && text_[at] != '=')) return line.begin;
    if (text_[at] == ':' && at + 1 < line.end && text_[at + 1] != ' ') return line.begin;
    return std::min(line.end, text_.find_first_not_of(" \t", at + 1));
  }

  // Values between commas. The heading ends behind the first of them, which stands beside its name.
  bool one_line() {
    while (at_ < text_.size() && !full()) {
      const std::size_t begin = at_;
      while (at_ < text_.size() && (is_bare(text_[at_]) || text_[at_] == ':')) ++at_;
      take(begin, {begin, at_});
      if (at_ == text_.size() || (text_[at_] != ',' && text_[at_] != ';')) return true;
      at_ = std::min(text_.size(), text_.find_first_not_of(" \t", at_ + 1));
    }
    return false;
  }

  // ---- what is found ----

  void take(std::size_t whole, ByteRange value) {
    whole = std::min(trimmed(text_, {whole, value.begin}, "").begin, value.begin);
    const std::string_view name = name_at(text_.substr(whole, value.begin - whole)), v = part(value);
    if (!may_be_secret(v, password_) || !has_digit(v)) return;
    if (names_attribute(name) || name.size() == 1) return;  // "client_id", "token_url"; "n" of a JSON Web Key
    // A list of passwords without names is one of those that nobody shall take, or what a test tries.
    if (password_ ? name.empty() : !is_token(v)) return;
    out_.push_back({named_, {whole, value.end}, value});
  }

  // Ids stand in such blocks as well, and names of programs, "com.shop.app".
  bool is_token(std::string_view v) const {
    constexpr std::size_t kUuid = 36;
    if (!std::all_of(v.begin(), v.end(), [](char c) { return is_bare(c) || c == ':'; })) return false;
    if (std::count(v.begin(), v.end(), '.') > 1) return false;
    return v.size() != kUuid || !holds_uuid(v) || Lowered(part(named_)).text.ends_with("keys");
  }

  // The name that the text begins with, when it names what follows.
  static std::string_view name_at(std::string_view text) {
    std::size_t begin = 0;
    while (begin < text.size() && (is_quote(text[begin]) || text[begin] == ' ')) ++begin;
    std::size_t end = begin;
    while (end < text.size() && is_name_char(text[end])) ++end;
    const std::size_t sign = text.find_first_not_of("\"'` \t", end);
    const bool names = sign != text.npos && (text[sign] == ':' || text[sign] == '=');
    return names ? text.substr(begin, end - begin) : std::string_view{};
  }

  std::string_view text_;
  ByteRange heading_, named_;
  bool password_;
  std::size_t at_;
  std::size_t most_;  // values, those before included
  std::vector<HeldValue>& out_;
};

}  // namespace

std::size_t block(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out) {
  return Block(text, heading, named, out).run();
}

}  // namespace launchgate::secrets::read
