// The Matcher: a compiled rule set and the three stages that turn bytes into matches.
//
//   front    The sieve runs over the bytes once and reports (rule, end) of every place where a literal stands that a
//            match of the rule must hold; where it does not work, Hyperscan reports where minimal forms end.
//   confirm  A window around each candidate is looked at for the exact match and its groups; the result is what RE2
//            alone would find over the whole text, leftmost and non-overlapping per rule.
//   filter   keywords, entropy, allowlists, validators, value judgement, required rules, overlaps between rules.
//
// scan() runs all three. The stages are public for sources that know which bytes are new (history): the first two
// depend only on the bytes within influence() of a candidate, the third on the whole blob and its name.
//
// Ownership: a Matcher owns all it needs; it is immutable after create(), so any number of threads may use one,
// each with a Scratch of its own. A Scratch serves one Matcher and one thread at a time and must not outlive it.
// Errors: create() refuses what does not compile, naming rule and place; the stages do not fail.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/redact.hpp"
#include "libscan/core/result.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

// A match of the rule may begin at most `lead` bytes in front of `end`.
struct Candidate {
  std::uint32_t rule = 0;  // index into Matcher::rules()
  std::uint32_t lead = 0;
  std::size_t end = 0;  // offset just behind an anchor, or just behind the front form where Hyperscan found it
};

struct Match {
  std::uint32_t rule = 0;                 // index into Matcher::rules()
  ByteRange whole;                        // the match, without surrounding newlines
  ByteRange secret;                       // the value inside it
  ByteRange named;                        // what names it lines away (readers.hpp); empty: nothing does
  std::vector<std::string_view> reasons;  // static texts
  std::string_view service;               // whose key it is, where a rule with `names` says so; lives in rules()
  // Real by its look, and made up where people make up logins: in a test, an example, for a service on this machine.
  bool doubtful = false;
  bool unproven = false;  // Doubt::unproven: no launch blocker
  bool in_test = false;   // as a machine makes them, in a test that speaks of nothing outside
};

// Whether a needed candidate ends at e depends on the bytes [e - before, e + behind) alone.
struct FrontContext {
  std::size_t before = 0;
  std::size_t behind = 0;
};

// Steps that confirming by backtracking may take in a text before RE2 takes its place: for each rule, and for each of
// its candidates on top. RE2 takes as long for a candidate as a few thousand steps do; most take a hundred.
struct Effort {
  std::int64_t a_rule = 1 << 15;
  std::int64_t a_candidate = 1 << 10;
};

// What the filters may ask about the blob besides its bytes.
struct BlobName {
  std::string_view path;    // relative, '/'
  std::string_view commit;  // full hex id or empty
  bool binary = false;      // only rules with `binary = true` apply
};

class Matcher {
 public:
  class Scratch;
  struct Impl;  // matcher_impl.hpp

  // What serialize() gives is of use where: on processors like this one, or on all. For all of them Hyperscan's
  // database is made, which a processor with AVX2 needs for rules without an anchor only.
  enum class Target : std::uint8_t { this_processor, any_processor };

  // Compiles on the spot and checks every expression. Cost: about 2 ms a rule; the built-in catalogue comes
  // ready-made (builtin_rules.hpp). Rules that `base` has as well are taken from there: nothing of them is compiled.
  // `base` is needed for this call only.
  static Result<Matcher> create(RuleSet rules, const Matcher* base = nullptr, Target target = Target::this_processor);
  // The same from what serialize() gave for exactly this rule set and base (the caller vouches for that): no expression
  // is compiled before it is needed. Falls back to create(rules, base) when `prepared` is of another version or
  // damaged.
  static Result<Matcher> create(RuleSet rules, std::string_view prepared, const Matcher* base = nullptr);
  // The same for what is embedded in the program: as sound as the program, so it is not looked at for damage, and used
  // where it lies (at a multiple of eight). The rules are asked for when the first is needed, which in a clean run is
  // never.
  using RuleSource = RuleSet (*)();
  static Result<Matcher> create_embedded(RuleSource rules, std::string_view prepared);
  // The front end in a form that create() loads fast: what the build embeds and the cache stores.
  Result<std::string> serialize() const;

  Matcher(Matcher&&) noexcept;
  Matcher& operator=(Matcher&&) noexcept;
  ~Matcher();

  const RuleSet& rules() const;
  struct FreeScratch {
    void operator()(Scratch*) const noexcept;
  };
  using ScratchPtr = std::unique_ptr<Scratch, FreeScratch>;
  Result<ScratchPtr> scratch(Effort effort = {}) const;  // fails only for want of memory

  // All stages over one whole blob. Matches come sorted by (secret.begin, rule id) and replace `out`'s content.
  void scan(std::string_view text, const BlobName& name, Scratch&, std::vector<Match>& out) const;

  // Front end over text[part]: appends candidates sorted by (end, rule). Bytes outside are not seen: widen the part by
  // front_context() where candidates at its edges matter.
  void find_candidates(std::string_view text, ByteRange part, Scratch&, std::vector<Candidate>& out) const;
  // Appends the matches behind `candidates` (sorted by end), unfiltered, sorted by (rule, begin).
  void confirm(std::string_view text, const std::vector<Candidate>& candidates, Scratch&,
               std::vector<Match>& out) const;
  // Drops what is no finding; `matches` are all confirmed matches of this blob.
  void filter(std::string_view text, const BlobName& name, Scratch&, std::vector<Match>& matches) const;

  FrontContext front_context() const noexcept;

  // Matches of a bounded rule, and its candidates farther than this from each other, do not depend on each other nor on
  // bytes farther than this from their candidate. Rules without such a bound are `unbounded`: one candidate anywhere
  // makes confirm() search the whole text for them, and this is beyond every offset.
  std::size_t influence(std::uint32_t rule) const noexcept;
  bool unbounded(std::uint32_t rule) const noexcept;
  bool any_unbounded() const noexcept;

  // Path-only rules whose path matches and which no allowlist of paths or commits excuses: indexes into rules(). An
  // allowlist that asks for an expression or stopword as well excuses nothing here: there is no value to ask about.
  void match_path(const BlobName& name, Scratch&, std::vector<std::uint32_t>& rules) const;

  // The slow obvious way, RE2 over the whole text for every rule: the oracle of the tests. Stage 1 and 2 only.
  void confirm_by_re2_alone(std::string_view text, std::vector<Match>& out) const;

 private:
  explicit Matcher(std::unique_ptr<Impl>) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate::secrets
