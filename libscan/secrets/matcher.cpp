#include "libscan/secrets/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>

#include "libscan/core/sha256.hpp"
#include "libscan/secrets/matcher_impl.hpp"
#include "libscan/secrets/rule_codec.hpp"

namespace launchgate::secrets {
namespace {

// Alternation of expressions; each keeps its own flags inside its group.
template <class Range, class Text>
std::string joined(const Range& all, Text text) {
  std::string out;
  for (const auto& one : all) out.append(out.empty() ? "(?:" : "|(?:").append(text(one)).append(")");
  return out;
}

std::string quoted(const std::string& s) { return re2::RE2::QuoteMeta(s); }

std::unique_ptr<CompiledAllowlist> compile(const Allowlist& list) {
  auto compiled = std::make_unique<CompiledAllowlist>();
  compiled->source = &list;
  compiled->paths.set(joined(list.paths, [](const Pattern& p) { return p.text; }));
  compiled->regexes.set(joined(list.regexes, [](const Pattern& p) { return p.text; }));
  compiled->stopwords.set(joined(list.stopwords, quoted));
  return compiled;
}

// RE2 says "invalid perl operator: (?=" and the like; people ask for these three.
std::string hint_for(std::string_view regex) {
  for (std::string_view look : {"(?=", "(?!", "(?<=", "(?<!"})
    if (regex.find(look) != std::string_view::npos)
      return "RE2 has no lookaround: match the context and put the secret in a group (secretGroup)";
  return "see https://github.com/google/re2/wiki/Syntax for what an expression may hold";
}

Result<void> check(const std::string& text, const std::string& where, std::string_view rule, std::string_view what) {
  const re2::RE2 re(text, regex_options());
  if (re.ok()) return {};
  return fail(ErrorCode::config,
              fmt::format("{}: rule '{}': the {} does not compile: {}", where.empty() ? "rules" : where, rule, what,
                          re.error()),
              hint_for(text));
}

Result<void> check(const Allowlist& list, std::string_view rule) {
  for (const auto* patterns : {&list.paths, &list.regexes})
    for (const Pattern& p : *patterns)
      if (auto r = check(p.text, p.where, rule, "allowlist expression"); !r) return r;
  return {};
}

}  // namespace

re2::RE2::Options regex_options() {
  re2::RE2::Options o;
  o.set_encoding(re2::RE2::Options::EncodingLatin1);  // bytes: files are of any encoding
  o.set_log_errors(false);
  o.set_max_mem(64 << 20);  // RE2's budget for program and DFA cache; the default 8 MiB is short for long alternations
  return o;
}

const re2::RE2& LazyRegex::get() const {
  std::call_once(once_, [this] { compiled_ = std::make_unique<re2::RE2>(text_, regex_options()); });
  return *compiled_;
}

const regex::ByteSet& LazyRegex::first_bytes() const {
  std::call_once(first_once_, [this] {
    const auto tree = regex::parse(text_);
    first_ = tree ? regex::first_bytes(*tree) : ~regex::ByteSet{};
  });
  return first_;
}

bool LazyRegex::found_in(std::string_view text) const {
  return !empty() && get().Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

Matcher::Matcher(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<void> Matcher::Impl::prepare() {
  compiled = std::make_unique<CompiledRule[]>(rules.rules.size());
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
    const Rule& rule = rules.rules[i];
    CompiledRule& c = compiled[i];
    c.regex.set(rule.regex);
    c.path.set(rule.path);
    if (!rule.keywords.empty()) c.keywords.set("(?i)" + joined(rule.keywords, quoted));
    for (const Allowlist& list : rule.allowlists) c.allowlists.push_back(compile(list));
    if (!rule.path.empty() && rule.regex.empty()) path_rules.push_back(i);
    if (rule.validator.empty()) continue;
    c.validator = find_validator(rule.validator);
    if (c.validator == nullptr)
      return fail(ErrorCode::config,
                  fmt::format("{}: rule '{}': unknown validator '{}'", rule.regex_where, rule.id, rule.validator),
                  "docs/rules.md names them");
  }
  for (const Allowlist& list : rules.allowlists) allowlists.push_back(compile(list));
  if (path_rules.empty()) return {};
  path_set = std::make_unique<re2::RE2::Set>(regex_options(), re2::RE2::UNANCHORED);
  for (const std::uint32_t i : path_rules) {
    std::string error;
    if (path_set->Add(piece(rules.rules[i].path), &error) < 0)
      return check(rules.rules[i].path, rules.rules[i].path_where, rules.rules[i].id, "path");
  }
  if (!path_set->Compile())
    return fail(ErrorCode::config, "the path expressions of the rules need too much memory",
                "use fewer or simpler ones");
  return {};
}

Result<void> Matcher::Impl::check_expressions() const {
  for (const Rule& rule : rules.rules) {
    if (auto r = check(rule.regex, rule.regex_where, rule.id, "regex"); !r) return r;
    if (auto r = check(rule.path, rule.path_where, rule.id, "path"); !r) return r;
    const re2::RE2 re(rule.regex, regex_options());
    if (static_cast<int>(rule.secret_group) > re.NumberOfCapturingGroups())
      return fail(ErrorCode::config,
                  fmt::format("{}: rule '{}': secretGroup is {} and the regex has {} groups", rule.regex_where, rule.id,
                              rule.secret_group, re.NumberOfCapturingGroups()),
                  "count the opening parentheses that are not (?: and set secretGroup to one of them");
    for (const Allowlist& list : rule.allowlists)
      if (auto r = check(list, rule.id); !r) return r;
  }
  for (const Allowlist& list : rules.allowlists)
    if (auto r = check(list, "(global)"); !r) return r;
  return {};
}

void Matcher::Impl::summarize() {
  for (std::uint32_t i = 0; i < rules.rules.size(); ++i) {
    const CompiledRule& c = compiled[i];
    if (c.mode == CompiledRule::Mode::window) widest = std::max<std::size_t>(widest, std::size_t{c.reach} + c.span + 1);
    any_unbounded |= c.mode == CompiledRule::Mode::whole;
    front_width = std::max<std::size_t>(front_width, c.width);
  }
}

namespace {

// Beyond this a window is no window: the whole text is searched instead, once.
constexpr std::uint32_t kMaxWindow = 64 << 10;

void add_keywords(const Rule& rule, std::uint32_t id, CompiledRule& c, std::vector<FrontPattern>& patterns) {
  for (const std::string& k : rule.keywords) {
    c.width = std::max(c.width, static_cast<std::uint32_t>(k.size()));
    std::string text;
    for (const char byte : k) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    patterns.push_back({std::move(text), id, true});
  }
}

// Chooses how a rule is found. A form without a sure literal, where the rule has keywords, is found by those:
// that is what a keyword is for. `attempt` counts how often Hyperscan found the rule too large.
void plan(const Rule& rule, std::uint32_t id, unsigned attempt, CompiledRule& c, std::vector<FrontPattern>& patterns) {
  if (rule.regex.empty()) return;
  c.width = 0;
  std::optional<FrontForm> form;
  if (attempt < 2) form = front_form(rule.regex, attempt == 0 ? Counting::exact : Counting::relaxed);
  const bool bounded = form && form->span <= kMaxWindow && form->reach <= kMaxWindow;
  c.mode = bounded ? CompiledRule::Mode::window : CompiledRule::Mode::whole;
  if ((!form || form->literal < 3) && !rule.keywords.empty()) {
    c.mode = CompiledRule::Mode::whole;
    add_keywords(rule, id, c, patterns);
    return;
  }
  if (!form) {  // beyond our parser: any text is a candidate
    c.width = 1;
    patterns.push_back({"[\\x00-\\xff]", id, false});
    return;
  }
  c.width = std::max(1U, form->width);
  c.reach = form->reach;
  c.span = form->span;
  for (const std::string& p : form->patterns) patterns.push_back({p.empty() ? "[\\x00-\\xff]" : p, id, false});
}

}  // namespace

Result<void> Matcher::Impl::build_front() {
  std::vector<unsigned> attempts(rules.rules.size());
  for (;;) {
    std::vector<FrontPattern> patterns;
    for (std::uint32_t i = 0; i < rules.rules.size(); ++i) plan(rules.rules[i], i, attempts[i], compiled[i], patterns);
    FrontRefusal refusal{};
    auto database = FrontDatabase::compile(patterns, refusal);
    if (database) {
      front = std::move(*database);
      sieve = Sieve(choose_anchors(patterns).value_or(std::vector<Anchor>{}));
      break;
    }
    // Too large for Hyperscan: that one rule stops counting, then falls back to keywords or to RE2 alone; the others
    // stay fast.
    if (refusal.pattern >= patterns.size() || ++attempts[patterns[refusal.pattern].id] > 2)
      return Unexpected{std::move(database).error()};
  }
  summarize();
  return {};
}

Result<Matcher> Matcher::create(RuleSet rules) {
  auto impl = std::make_unique<Impl>();
  impl->rules = std::move(rules);
  if (auto r = impl->check_expressions(); !r) return Unexpected{r.error()};
  if (auto r = impl->prepare(); !r) return Unexpected{r.error()};
  if (auto r = impl->build_front(); !r) return Unexpected{r.error()};
  return Matcher(std::move(impl));
}

// Prepared form: version tag, one (mode, reach, span, width) a rule and the sieve, the Hyperscan database.
namespace {

std::string version_tag() { return std::string("LGF5 " LG_VERSION " ") + FrontDatabase::library_version(); }

}  // namespace

Result<std::string> Matcher::serialize() const {
  auto database = impl_->front.serialize();
  if (!database) return Unexpected{database.error()};
  ByteWriter table;
  for (std::size_t i = 0; i < impl_->rules.rules.size(); ++i) {
    table.number(static_cast<std::uint64_t>(impl_->compiled[i].mode), 1);
    table.number(impl_->compiled[i].reach);
    table.number(impl_->compiled[i].span);
    table.number(impl_->compiled[i].width);
  }
  impl_->sieve.write(table);
  const std::string rows = table.take();
  ByteWriter out;
  out.string(version_tag());
  out.string(rows);
  out.string(hex(sha256(rows)));  // the database carries a checksum of its own
  out.string(*database);
  return out.take();
}

bool Matcher::Impl::load_front(std::string_view prepared, Prepared from) {
  ByteReader in(prepared);
  if (in.string() != version_tag()) return false;
  const std::string_view rows = in.string();
  const std::string_view digest = in.string();
  if (from == Prepared::stored && digest != hex(sha256(rows))) return false;
  auto database = FrontDatabase::load(in.string());
  if (!database || !in.ok()) return false;
  ByteReader table(rows);
  for (std::size_t i = 0; i < rules.rules.size(); ++i) {
    compiled[i].mode = static_cast<CompiledRule::Mode>(table.number(1) % 3);
    compiled[i].reach = static_cast<std::uint32_t>(table.number());
    compiled[i].span = static_cast<std::uint32_t>(table.number());
    compiled[i].width = static_cast<std::uint32_t>(table.number());
  }
  sieve = Sieve::read(table);
  if (!table.ok()) return false;
  front = std::move(*database);
  summarize();
  return true;
}

Result<Matcher> Matcher::create(RuleSet rules, std::string_view prepared, Prepared from) {
  auto impl = std::make_unique<Impl>();
  impl->rules = std::move(rules);
  if (auto r = impl->prepare(); !r) return Unexpected{r.error()};
  if (!impl->load_front(prepared, from)) return create(std::move(impl->rules));
  return Matcher(std::move(impl));
}

const RuleSet& Matcher::rules() const noexcept { return impl_->rules; }
std::size_t Matcher::front_width() const noexcept { return impl_->front_width; }
std::size_t Matcher::influence(std::uint32_t rule) const noexcept {
  const CompiledRule& c = impl_->compiled[rule];
  if (c.mode != CompiledRule::Mode::window) return std::numeric_limits<std::size_t>::max();
  return std::size_t{c.reach} + c.span + c.width + 2;
}
bool Matcher::any_unbounded() const noexcept { return impl_->any_unbounded; }
bool Matcher::unbounded(std::uint32_t rule) const noexcept {
  return impl_->compiled[rule].mode == CompiledRule::Mode::whole;
}

void Matcher::FreeScratch::operator()(Scratch* s) const noexcept { delete s; }

Result<Matcher::ScratchPtr> Matcher::scratch() const {
  auto front = impl_->front.scratch();
  if (!front) return Unexpected{front.error()};
  ScratchPtr s(new Scratch);
  s->front = std::move(*front);
  return s;
}

}  // namespace launchgate::secrets
