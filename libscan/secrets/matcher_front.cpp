// How each rule is found by the front end, and the front end as bytes: what the build embeds and the cache stores.
#include <fmt/format.h>

#include <algorithm>

#include "libscan/core/sha256.hpp"
#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {

void Matcher::Impl::summarize() {
  for (const RuleFront& f : fronts) {
    if (f.mode == RuleFront::Mode::window) widest = std::max<std::size_t>(widest, std::size_t{f.reach} + f.span + 1);
    any_unbounded |= f.mode == RuleFront::Mode::whole;
    front_width = std::max<std::size_t>(front_width, f.width);
  }
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
  for (const std::string& p : form->patterns) patterns.push_back({p.empty() ? "[\\x00-\\xff]" : p, id, false});
}

}  // namespace

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

Result<void> Matcher::Impl::build_front() {
  const std::vector<Rule>& all = rules().set.rules;
  std::vector<unsigned> attempts(all.size());
  fronts.resize(all.size());
  for (;;) {
    std::vector<FrontPattern> patterns;
    for (std::uint32_t i = 0; i < all.size(); ++i) plan(all[i], i, attempts[i], fronts[i], patterns);
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
  build_path_sieve();
  summarize();
  return {};
}

// Prepared form: version tag, what is known of each rule, the two sieves, a digest of all that, the Hyperscan database,
// which carries a checksum of its own.
namespace {

std::string version_tag() { return std::string("LGF6 " LG_VERSION " ") + FrontDatabase::library_version(); }

std::string digest_of(std::string_view fronts, std::string_view sieve, std::string_view path_sieve) {
  return hex(Sha256().update(fronts).update(sieve).update(path_sieve).finish());
}

std::string_view bytes_of(std::span<const RuleFront> fronts) {
  return {reinterpret_cast<const char*>(fronts.data()), fronts.size_bytes()};
}

}  // namespace

Result<std::string> Matcher::serialize() const {
  auto database = impl_->front.serialize();
  if (!database) return Unexpected{database.error()};
  const std::span<const RuleFront> fronts = impl_->fronts;
  FlatWriter out;
  out.bytes(version_tag());
  out.array(fronts);
  out.bytes(impl_->sieve.bytes());
  out.bytes(impl_->path_sieve.bytes());
  out.bytes(digest_of(bytes_of(fronts), impl_->sieve.bytes(), impl_->path_sieve.bytes()));
  out.bytes(*database);
  return out.take();
}

bool Matcher::Impl::load_front(std::string_view prepared, bool lasting) {
  FlatReader in(prepared);
  if (in.bytes() != version_tag()) return false;
  const auto rows = in.array<RuleFront>();
  const std::string_view anchors = in.bytes(), path_anchors = in.bytes(), digest = in.bytes(), database = in.bytes();
  if (!in.at_end()) return false;
  auto loaded = lasting ? FrontDatabase::load_later(database) : FrontDatabase::load(database);
  if (!loaded) return false;
  if (lasting) {
    sieve = Sieve::over_lasting(anchors);
    path_sieve = Sieve::over_lasting(path_anchors);
  } else {
    if (digest != digest_of(bytes_of(rows), anchors, path_anchors)) return false;
    auto copy = Sieve::copy_of(anchors), path_copy = Sieve::copy_of(path_anchors);
    if (!copy || !path_copy) return false;
    sieve = std::move(*copy);
    path_sieve = std::move(*path_copy);
  }
  front = std::move(*loaded);
  fronts.assign(rows.begin(), rows.end());
  summarize();
  return true;
}

}  // namespace launchgate::secrets
