#include "libscan/secrets/matcher.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

#include "libscan/secrets/matcher_impl.hpp"

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

Result<void> check(const re2::RE2& re, const std::string& where, std::string_view rule, std::string_view what) {
  if (re.ok()) return {};
  return fail(ErrorCode::config,
              fmt::format("{}: rule '{}': the {} does not compile: {}", where.empty() ? "rules" : where, rule, what,
                          re.error()),
              hint_for(re.pattern()));
}

Result<void> check(const std::string& text, const std::string& where, std::string_view rule, std::string_view what) {
  return check(re2::RE2(text, regex_options()), where, rule, what);
}

Result<void> check(const Allowlist& list, std::string_view rule) {
  for (const auto* patterns : {&list.paths, &list.regexes})
    for (const Pattern& p : *patterns)
      if (auto r = check(p.text, p.where, rule, "allowlist expression"); !r) return r;
  return {};
}

// Of a rule that is known to compile only what differs is looked at.
Result<void> check_expressions(const Rule& rule, const Rule* known) {
  if (known == nullptr || known->regex != rule.regex || known->secret_group != rule.secret_group) {
    const re2::RE2 re(rule.regex, regex_options());
    if (auto r = check(re, rule.regex_where, rule.id, "regex"); !r) return r;
    if (static_cast<int>(rule.secret_group) > re.NumberOfCapturingGroups())
      return fail(ErrorCode::config,
                  fmt::format("{}: rule '{}': secretGroup is {} and the regex has {} groups", rule.regex_where, rule.id,
                              rule.secret_group, re.NumberOfCapturingGroups()),
                  "count the opening parentheses that are not (?: and set secretGroup to one of them");
  }
  if (known == nullptr || known->path != rule.path)
    if (auto r = check(rule.path, rule.path_where, rule.id, "path"); !r) return r;
  for (const Allowlist& list : rule.allowlists)
    if (auto r = check(list, rule.id); !r) return r;
  return {};
}

Result<void> check_expressions(const RuleSet& rules, const RuleSet* base) {
  for (const Rule& rule : rules.rules)
    if (auto r = check_expressions(rule, base != nullptr ? find_rule(*base, rule.id) : nullptr); !r) return r;
  for (const Allowlist& list : rules.allowlists)
    if (auto r = check(list, "(global)"); !r) return r;
  return {};
}

Result<void> compile_paths(CompiledRules& all) {
  if (all.path_rules.empty()) return {};
  all.path_set = std::make_unique<re2::RE2::Set>(regex_options(), re2::RE2::UNANCHORED);
  for (const std::uint32_t i : all.path_rules) {
    std::string error;
    const Rule& rule = all.rule(i);
    if (all.path_set->Add(piece(rule.path), &error) < 0) return check(rule.path, rule.path_where, rule.id, "path");
  }
  if (!all.path_set->Compile())
    return fail(ErrorCode::config, "the path expressions of the rules need too much memory",
                "use fewer or simpler ones");
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

bool LazyRegex::found_in(std::string_view text) const {
  return !empty() && get().Match(piece(text), 0, text.size(), re2::RE2::UNANCHORED, nullptr, 0);
}

Matcher::Matcher(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Matcher::Matcher(Matcher&&) noexcept = default;
Matcher& Matcher::operator=(Matcher&&) noexcept = default;
Matcher::~Matcher() = default;

Result<std::unique_ptr<CompiledRules>> CompiledRules::of(RuleSet rules) {
  auto all = std::make_unique<CompiledRules>();
  all->set = std::move(rules);
  all->each = std::make_unique<CompiledRule[]>(all->set.rules.size());
  for (std::uint32_t i = 0; i < all->set.rules.size(); ++i) {
    const Rule& rule = all->rule(i);
    CompiledRule& c = all->each[i];
    c.regex.set(rule.regex);
    c.path.set(rule.path);
    if (!rule.keywords.empty()) c.keywords.set("(?i)" + joined(rule.keywords, quoted));
    for (const Allowlist& list : rule.allowlists) c.allowlists.push_back(compile(list));
    if (!rule.path.empty() && rule.regex.empty()) all->path_rules.push_back(i);
    c.reader = find_reader(rule.reader);
    if (c.reader == nullptr && !rule.reader.empty())
      return fail(ErrorCode::config,
                  fmt::format("{}: rule '{}': unknown reader '{}'", rule.regex_where, rule.id, rule.reader),
                  "docs/rules.md names them");
    if (rule.validator.empty()) continue;
    c.validator = find_validator(rule.validator);
    if (c.validator == nullptr)
      return fail(ErrorCode::config,
                  fmt::format("{}: rule '{}': unknown validator '{}'", rule.regex_where, rule.id, rule.validator),
                  "docs/rules.md names them");
  }
  for (const Allowlist& list : all->set.allowlists) all->allowlists.push_back(compile(list));
  if (auto r = compile_paths(*all); !r) return Unexpected{r.error()};
  return all;
}

const CompiledRules& Matcher::Impl::rules() const {
  std::call_once(once_, [this] {
    if (rules_ != nullptr) return;
    auto made = CompiledRules::of(source_());
    if (!made) std::abort();  // the build made the same of them
    rules_ = std::move(*made);
  });
  return *rules_;
}

Result<Matcher> Matcher::create(RuleSet rules, const Matcher* base, Target target) {
  if (auto r = check_expressions(rules, base != nullptr ? &base->rules() : nullptr); !r) return Unexpected{r.error()};
  auto compiled = CompiledRules::of(std::move(rules));
  if (!compiled) return Unexpected{compiled.error()};
  auto impl = std::make_unique<Impl>(std::move(*compiled));
  if (auto r = impl->build_front(base != nullptr ? base->impl_.get() : nullptr, target); !r)
    return Unexpected{r.error()};
  return Matcher(std::move(impl));
}

Result<Matcher> Matcher::create(RuleSet rules, std::string_view prepared, const Matcher* base) {
  auto compiled = CompiledRules::of(std::move(rules));
  if (!compiled) return Unexpected{compiled.error()};
  const std::size_t count = (*compiled)->set.rules.size();
  auto impl = std::make_unique<Impl>(std::move(*compiled));
  if (impl->load_front(prepared, false, base != nullptr ? base->impl_.get() : nullptr) && impl->fronts.size() == count)
    return Matcher(std::move(impl));
  return create(RuleSet(impl->rules().set), base);
}

Result<Matcher> Matcher::create_embedded(RuleSource rules, std::string_view prepared) {
  auto impl = std::make_unique<Impl>(rules);
  if (!impl->load_front(prepared, true, nullptr)) return create(rules());
  return Matcher(std::move(impl));
}

const RuleSet& Matcher::rules() const { return impl_->rules().set; }
FrontContext Matcher::front_context() const noexcept { return impl_->context; }
std::size_t Matcher::influence(std::uint32_t rule) const noexcept {
  const RuleFront& f = impl_->fronts[rule];
  if (f.mode != RuleFront::Mode::window) return std::numeric_limits<std::size_t>::max();
  return std::size_t{f.reach} + f.span + f.width + 2 + f.beyond;
}
bool Matcher::any_unbounded() const noexcept { return impl_->any_unbounded; }
bool Matcher::unbounded(std::uint32_t rule) const noexcept {
  return impl_->fronts[rule].mode == RuleFront::Mode::whole;
}

void Matcher::FreeScratch::operator()(Scratch* s) const noexcept { delete s; }

Result<Matcher::ScratchPtr> Matcher::scratch(Effort effort) const {
  ScratchPtr made(new Scratch);
  made->effort = effort;
  return made;
}

}  // namespace launchgate::secrets
