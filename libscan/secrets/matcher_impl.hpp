// What a Matcher is made of; shared by matcher*.cpp only.
#pragma once

#include <re2/re2.h>
#include <re2/set.h>

#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "libscan/secrets/backtracker.hpp"
#include "libscan/secrets/front_database.hpp"
#include "libscan/secrets/front_form.hpp"
#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/readers.hpp"
#include "libscan/secrets/regex_ast.hpp"
#include "libscan/secrets/relaxed_regex.hpp"
#include "libscan/secrets/service_names.hpp"
#include "libscan/secrets/sieve.hpp"
#include "libscan/secrets/validators.hpp"
#include "libscan/secrets/value_judge.hpp"

namespace launchgate::secrets {

// An expression compiled at first use: 150 of them cost 17 ms, and a clean hook run needs none.
class LazyRegex {
 public:
  LazyRegex() = default;
  void set(std::string text) { text_ = std::move(text); }
  bool empty() const noexcept { return text_.empty(); }
  const re2::RE2& get() const;
  bool found_in(std::string_view text) const;  // false when empty

 private:
  std::string text_;
  mutable std::once_flag once_;
  mutable std::unique_ptr<re2::RE2> compiled_;
};

re2::RE2::Options regex_options();

// The expression as a program of ours (backtracker.hpp), made at first use.
class LazyBacktracker {
 public:
  // Null when it cannot be.
  const Backtracker* get(const std::string& regex) const;

 private:
  mutable std::once_flag once_;
  mutable std::optional<Backtracker> program_;
};

// The expression relaxed (relaxed_regex.hpp), made at first use.
class LazyRelaxed {
 public:
  struct Relaxed {
    RelaxedRegex form;
    re2::RE2 regex;
  };
  // Null when it cannot be or need not be relaxed.
  const Relaxed* get(const std::string& regex) const;

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<Relaxed> relaxed_;
};

struct CompiledAllowlist {
  const Allowlist* source = nullptr;
  LazyRegex paths;  // alternation of all
  LazyRegex regexes;
  LazyRegex stopwords;  // over the lower-cased secret
};

// How the front end finds a rule. Plain memory: it lies in what serialize() gives.
struct RuleFront {
  enum class Mode : std::uint32_t {
    path_only,  // no expression
    window,     // bounded: a window around each candidate is looked at
    whole,      // unbounded or opaque: one candidate makes RE2 search the whole text
  };
  Mode mode = Mode::path_only;
  std::uint32_t reach = 0;  // see FrontForm
  std::uint32_t span = 0;
  std::uint32_t width = 0;
  std::uint32_t lead = 0;    // of its anchors the longest, see Anchor::Use
  std::uint32_t beyond = 0;  // how far around a match its reader looks; 0: it has none
};

struct CompiledRule {
  LazyRegex regex;
  LazyBacktracker program;  // Mode::window
  LazyRelaxed relaxed;      // Mode::window, where that gives up
  LazyRegex path;
  LazyRegex keywords;  // caseless alternation
  std::vector<std::unique_ptr<CompiledAllowlist>> allowlists;
  const Validator* validator = nullptr;
  const Reader* reader = nullptr;
};

enum class PathAnswer : std::uint8_t { unknown, here, elsewhere };

class Matcher::Scratch {
 public:
  std::vector<FrontDatabase::Scratch> fronts;  // one a layer
  std::vector<std::uint64_t> hits;
  std::vector<AnchorHit> anchors;
  std::vector<Candidate> candidates;
  std::vector<Candidate> by_rule;
  std::vector<PathAnswer> path_answers;  // by rule, of the blob at hand
  std::vector<ByteRange> windows;
  Effort effort;
  Backtracker::Scratch backtracking;
  std::vector<re2::StringPiece> groups;
  std::vector<re2::StringPiece> relaxed_groups;
  std::vector<HeldValue> held;
  std::vector<int> set_hits;
  std::string lowered;
  ValueMemo values;
};

// The names of services, made when something is found.
class LazyServiceNames {
 public:
  const ServiceNames& get(const RuleSet& rules) const {
    std::call_once(once_, [&] { names_ = std::make_unique<ServiceNames>(rules); });
    return *names_;
  }

 private:
  mutable std::once_flag once_;
  mutable std::unique_ptr<ServiceNames> names_;
};

// Rules with what is made of them.
struct CompiledRules {
  RuleSet set;
  std::unique_ptr<CompiledRule[]> each;  // parallel to set.rules
  std::vector<std::unique_ptr<CompiledAllowlist>> allowlists;
  std::vector<std::uint32_t> path_rules;    // indexes of path-only rules
  std::unique_ptr<re2::RE2::Set> path_set;  // their paths, in that order
  LazyServiceNames services;

  static Result<std::unique_ptr<CompiledRules>> of(RuleSet);

  const Rule& rule(std::uint32_t i) const { return set.rules[i]; }
  bool path_allowed(std::uint32_t rule, const BlobName& name) const;  // by its path or commit alone
  Match make_match(std::string_view text, std::uint32_t rule, const std::vector<re2::StringPiece>& groups) const;
};

// The matches of one rule in the order of the text. Of a rule with a reader they are what stands under each heading.
class MatchList {
 public:
  MatchList(const CompiledRules& rules, std::uint32_t rule, std::string_view text, std::vector<HeldValue>& held,
            std::vector<Match>& out)
      : rules_(rules), rule_(rule), text_(text), held_(held), out_(out), first_(out.size()) {}

  void add(const std::vector<re2::StringPiece>& groups);
  void finish();  // when all were added

 private:
  const CompiledRules& rules_;
  std::uint32_t rule_;
  std::string_view text_;
  std::vector<HeldValue>& held_;
  std::vector<Match>& out_;
  std::size_t first_;
  std::size_t read_to_ = 0;  // headings that end before it were read as part of another one
};

struct Matcher::Impl {
  // The front end has one layer, or two: what the catalogue's rules need, as it was embedded, and the user's own. The
  // sieve stands for the layers whose rules all have anchors, where it works; else Hyperscan does the work.
  struct Layer {
    FrontDatabase database;
    std::vector<std::uint32_t> rules;  // which rule each id of the database is; empty: ids are rules
    bool sifted = true;                // the sieve has its anchors
  };
  static constexpr std::uint32_t kNoRule = Sieve::kNoId;  // in Layer::rules: of the catalogue and not of this set

  std::vector<RuleFront> fronts;     // by rule
  std::vector<std::uint32_t> leads;  // by rule: the longest lead of its candidates
  Sieve sieve;                       // of all sifted layers together
  Sieve path_sieve;                  // over paths, for the path-only rules
  std::vector<Layer> layers;
  std::size_t widest = 0;
  FrontContext context;
  bool any_unbounded = false;

  explicit Impl(std::unique_ptr<CompiledRules> made) : rules_(std::move(made)) {}
  explicit Impl(RuleSource source) : source_(source) {}

  const CompiledRules& rules() const;  // made at first use, where they came as a source

  Result<void> build_front(const Impl* base, Target target);  // forms and databases from the rules
  bool load_front(std::string_view prepared, bool lasting, const Impl* base);

  void scan_piece(std::string_view text, std::size_t offset, Scratch&, std::vector<Candidate>& out) const;
  void confirm_windows(std::string_view text, std::uint32_t rule, const Candidate* begin, const Candidate* end,
                       Scratch&, std::vector<Match>& out) const;
  void confirm_whole(std::string_view text, std::uint32_t rule, Scratch&, std::vector<Match>& out) const;
  void drop_elsewhere(const BlobName& name, Scratch&, std::vector<Candidate>& candidates) const;

 private:
  std::vector<std::uint32_t> share(const Impl& base);
  Result<Layer> build_layer(const std::vector<std::uint32_t>& own, Target target, std::vector<Anchor>& anchors);
  void note_leads(const std::vector<Anchor>& anchors);
  void build_path_sieve();
  void summarize();
  bool by_anchors(const Layer& layer) const noexcept { return layer.sifted && sieve.works(); }

  RuleSource source_ = nullptr;
  mutable std::once_flag once_;
  mutable std::unique_ptr<CompiledRules> rules_;
};

inline re2::StringPiece piece(std::string_view s) { return {s.data(), s.size()}; }

}  // namespace launchgate::secrets
