// The first two stages of the Matcher over a content that was made from another one: what was copied is neither read by
// the front end nor confirmed again. The matches are exactly those of a scan of the whole content.
//
// Two facts carry it. Let L = Matcher::influence(rule).
//
// Whether a candidate ends at e depends on a few bytes around e alone (Matcher::front_context()). Where all of these
// were copied the base's candidate moves along; every other end is looked at afresh, with that much context.
//
// Candidates of a rule that are farther than L apart have nothing to do with each other; those nearer form a cluster.
// Where every candidate of a cluster moved along, and with each the L bytes around it, the cluster's matches move along
// too; any other cluster is confirmed again.
//
// A front form that was made to repeat without counting (FrontForm) may give some candidates more or fewer that no
// match needs; a cluster that lost or gained one counts as changed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/copied_range.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::secrets {

// What is known of one content. Belongs to whoever asked for it; its room is used again.
class TrackedMatches {
 public:
  // Confirmed, unfiltered, sorted by (rule, begin), as Matcher::confirm gives them.
  const std::vector<Match>& matches() const noexcept { return matches_; }

 private:
  friend class MatchTracker;
  static constexpr std::uint32_t kNone = 0xffffffff;
  struct Tracked {
    Candidate at;
    std::uint32_t cluster = kNone;
  };
  struct Cluster {
    std::uint32_t candidates = 0;  // how many
    std::uint32_t first_match = 0;
    std::uint32_t matches = 0;  // how many
  };
  std::vector<Tracked> candidates_;  // sorted by (end, rule)
  std::vector<Cluster> clusters_;
  std::vector<Match> matches_;
  std::size_t size_ = 0;  // of the content
};

// One per thread. Refers to the Matcher and the Scratch, which must outlive it.
class MatchTracker {
 public:
  MatchTracker(const Matcher& matcher, Matcher::Scratch& scratch)
      : matcher_(&matcher), scratch_(&scratch), context_(matcher.front_context()) {}

  // Of a content that stands for itself. Replaces what `out` holds, as inherit() does.
  void whole(std::string_view text, TrackedMatches& out);
  // Of a content made from `base`'s; `copies` in order of `to`, without overlap there.
  void inherit(std::string_view text, std::span<const CopiedRange> copies, const TrackedMatches& base,
               TrackedMatches& out);

  // Bytes given to the front end so far: what a bench compares with the bytes of all contents.
  std::uint64_t bytes_scanned() const noexcept { return scanned_; }

 private:
  // A candidate of the content at hand, and where it came from.
  struct Moved {
    std::uint32_t index = 0;                        // in out.candidates_
    std::uint32_t cluster = TrackedMatches::kNone;  // of the base, when nothing near it changed
    std::size_t shift = 0;                          // what is added to an offset in the base, modulo 2^64
  };
  void scan_ends(std::string_view text, std::size_t first, std::size_t last, TrackedMatches& out);
  void move_candidates(const CopiedRange& copy, std::size_t low, std::size_t high, bool at_start, bool at_end,
                       const TrackedMatches& base, TrackedMatches& out);
  void find_matches(std::string_view text, const TrackedMatches& base, TrackedMatches& out);
  void settle(std::string_view text, std::span<const Moved> cluster, const TrackedMatches& base, TrackedMatches& out);

  const Matcher* matcher_;
  Matcher::Scratch* scratch_;
  FrontContext context_;
  std::uint64_t scanned_ = 0;
  std::vector<Candidate> fresh_;
  std::vector<Moved> moved_;  // parallel to out.candidates_, then sorted by (rule, end)
};

}  // namespace launchgate::secrets
