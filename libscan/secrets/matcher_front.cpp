// How each rule is found by the front end, and the databases and sieves that find it.
#include <fmt/format.h>

#include <algorithm>

#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {

void Matcher::Impl::summarize() {
  std::size_t width = 0;
  for (const RuleFront& f : fronts) {
    if (f.mode == RuleFront::Mode::window) widest = std::max<std::size_t>(widest, std::size_t{f.reach} + f.span + 1);
    any_unbounded |= f.mode == RuleFront::Mode::whole;
    width = std::max<std::size_t>(width, f.width);
  }
  // An anchor is known by itself and what follows it, a front form by what it ends with. Either way one byte more is
  // asked whether a word ends.
  for (const Layer& layer : layers) {
    const bool anchors = by_anchors(layer);
    context.before = std::max(context.before, anchors ? Anchor::kMaxSize : width + 1);
    context.behind = std::max(context.behind, anchors ? width + 1 : 1);
  }
  const auto lead_of = [&](std::uint32_t rule, const Layer& layer) {
    return by_anchors(layer) ? fronts[rule].lead : fronts[rule].reach;
  };
  leads.clear();
  for (std::uint32_t i = 0; i < fronts.size(); ++i) leads.push_back(lead_of(i, layers.back()));
  for (const std::uint32_t rule : layers.front().rules)
    if (rule != kNoRule) leads[rule] = lead_of(rule, layers.front());
}

namespace {

// Beyond this a window is no window: the whole text is searched instead, once.
constexpr std::uint32_t kMaxWindow = 64 << 10;

void add_keywords(const Rule& rule, std::uint32_t id, RuleFront& f, std::vector<FrontPattern>& patterns) {
  for (const std::string& k : rule.keywords) {
    f.width = std::max(f.width, static_cast<std::uint32_t>(k.size()));
    std::string text;
    for (const char byte : k) text += fmt::format("\\x{:02x}", static_cast<unsigned char>(byte));
    patterns.push_back({std::move(text), id, true});
  }
}

// Chooses how a rule is found. A form without a sure literal, where the rule has keywords, is found by those:
// that is what a keyword is for. `attempt` counts how often Hyperscan found the rule too large.
void plan(const Rule& rule, std::uint32_t id, unsigned attempt, RuleFront& f, std::vector<FrontPattern>& patterns) {
  if (rule.regex.empty()) return;
  f.width = 0;
  f.beyond = rule.reader.empty() ? 0 : static_cast<std::uint32_t>(Reader::kReach);
  std::optional<FrontForm> form;
  if (attempt < 2) form = front_form(rule.regex, attempt == 0 ? Counting::exact : Counting::relaxed);
  const bool bounded = form && form->span <= kMaxWindow && form->reach <= kMaxWindow;
  f.mode = bounded ? RuleFront::Mode::window : RuleFront::Mode::whole;
  if ((!form || form->literal < 3) && !rule.keywords.empty()) {
    f.mode = RuleFront::Mode::whole;
    add_keywords(rule, id, f, patterns);
    return;
  }
  if (!form) {  // beyond our parser: any text is a candidate
    f.width = 1;
    patterns.push_back({"[\\x00-\\xff]", id, false});
    return;
  }
  f.width = std::max(1U, form->width);
  f.reach = form->reach;
  f.span = form->span;
  for (const std::string& p : form->patterns)
    patterns.push_back({p.empty() ? "[\\x00-\\xff]" : p, id, false, form->lead});
}

}  // namespace

void Matcher::Impl::note_leads(const std::vector<Anchor>& anchors) {
  for (const Anchor& a : anchors)
    for (const Anchor::Use& use : a.uses) {
      RuleFront& f = fronts[use.id];
      f.lead = std::min(f.reach, std::max(f.lead, use.lead));
    }
}

// Most paths hold nothing of what the path-only rules look for: then no expression is asked, nor compiled.
void Matcher::Impl::build_path_sieve() {
  std::vector<FrontPattern> patterns;
  for (const std::uint32_t i : rules().path_rules) {
    const auto form = front_form(rules().rule(i).path);
    if (!form) return;  // every path is asked
    for (const std::string& p : form->patterns) patterns.push_back({p, i, false});
  }
  auto anchors = choose_anchors(patterns);
  if (!anchors) return;
  path_sieve = Sieve(std::move(*anchors));
}

// Takes over how `base` finds the rules that both have; returns the others.
std::vector<std::uint32_t> Matcher::Impl::share(const Impl& base) {
  const std::vector<Rule>& all = rules().set.rules;
  const RuleSet& theirs = base.rules().set;
  Layer layer = base.layers.front();
  layer.rules.assign(theirs.rules.size(), kNoRule);
  std::vector<std::uint32_t> own;
  for (std::uint32_t i = 0; i < all.size(); ++i) {
    const Rule* const same = find_rule(theirs, all[i].id);
    const bool known = same != nullptr && same->regex == all[i].regex && same->keywords == all[i].keywords &&
                       same->reader.empty() == all[i].reader.empty();
    if (!known) {
      own.push_back(i);
      continue;
    }
    const auto number = static_cast<std::size_t>(same - theirs.rules.data());
    fronts[i] = base.fronts[number];
    layer.rules[number] = i;
  }
  layers.push_back(std::move(layer));
  return own;
}

Result<Matcher::Impl::Layer> Matcher::Impl::build_layer(const std::vector<std::uint32_t>& own, Target target,
                                                        std::vector<Anchor>& anchors) {
  const std::vector<Rule>& all = rules().set.rules;
  std::vector<unsigned> attempts(all.size());
  for (;;) {
    std::vector<FrontPattern> patterns;
    for (const std::uint32_t i : own) plan(all[i], i, attempts[i], fronts[i], patterns);
    auto chosen = choose_anchors(patterns);
    const bool sifted = chosen.has_value();
    anchors = sifted ? std::move(*chosen) : std::vector<Anchor>();
    if (sifted && target == Target::this_processor && KeyFinder::fastest() != KeyFinder::Form::none)
      return Layer{{}, {}, true};
    FrontRefusal refusal{};
    auto database = FrontDatabase::compile(patterns, refusal);
    if (database) return Layer{std::move(*database), {}, sifted};
    // Too large for Hyperscan: that one rule stops counting, then falls back to keywords or to RE2 alone; the others
    // stay fast.
    if (refusal.pattern >= patterns.size() || ++attempts[patterns[refusal.pattern].id] > 2)
      return Unexpected{std::move(database).error()};
  }
}

Result<void> Matcher::Impl::build_front(const Impl* base, Target target) {
  // Of a base that has layers itself, or no sieve, nothing is shared.
  if (base != nullptr && (base->layers.size() != 1 || base->sieve.bytes().empty())) base = nullptr;
  fronts.resize(rules().set.rules.size());
  std::vector<std::uint32_t> own;
  if (base != nullptr)
    own = share(*base);
  else
    for (std::uint32_t i = 0; i < fronts.size(); ++i) own.push_back(i);
  std::vector<Anchor> anchors;
  auto layer = build_layer(own, target, anchors);
  if (!layer) return Unexpected{layer.error()};
  layers.push_back(std::move(*layer));
  note_leads(anchors);
  if (base != nullptr)
    sieve = Sieve::joined(base->sieve, layers.front().rules, std::move(anchors));
  else
    sieve = Sieve(std::move(anchors));
  // Without anchors, or with more than its tables can count, there is no sieve: what was to go without a database needs
  // one after all.
  if (target == Target::this_processor && !sieve.works() && KeyFinder::fastest() != KeyFinder::Form::none) {
    layers.clear();
    return build_front(base, Target::any_processor);
  }
  build_path_sieve();
  summarize();
  return {};
}

}  // namespace launchgate::secrets
