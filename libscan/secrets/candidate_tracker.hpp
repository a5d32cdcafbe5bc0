// The front end over a content that was made from another one, without reading the copied bytes again.
//
// Whether a candidate ends at e depends on the bytes [e - w - 1, e + 1) alone, w being Matcher::front_width(). Where
// all of these were copied from the base, the base's candidate moves along; every other end is looked at afresh, with w
// + 1 bytes of context before it and one behind. So the candidates are those of a scan of the whole content (a pattern
// that was made to repeat without counting may give a few more or fewer that no match needs, see FrontForm).
//
// Thread-safety: one tracker per thread; it refers to the Matcher and the Scratch, which must outlive it.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "libscan/core/copied_range.hpp"
#include "libscan/core/redact.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::secrets {

class CandidateTracker {
 public:
  CandidateTracker(const Matcher& matcher, Matcher::Scratch& scratch)
      : matcher_(&matcher), scratch_(&scratch), width_(matcher.front_width()) {}

  // The candidates of a content that stands for itself. Replaces `out`'s content, as inherit() does.
  void whole(std::string_view text, std::vector<Candidate>& out);

  // Those of a content made from one of `base_size` bytes whose candidates are `base`. `copies` in order of `to`,
  // without overlap there.
  void inherit(std::string_view text, std::size_t base_size, std::span<const CopiedRange> copies,
               const std::vector<Candidate>& base, std::vector<Candidate>& out);

  // Bytes given to the front end so far: what a bench divides by the bytes of all contents.
  std::uint64_t bytes_scanned() const noexcept { return scanned_; }

 private:
  void scan_ends(std::string_view text, std::size_t first, std::size_t last, std::vector<Candidate>& out);

  const Matcher* matcher_;
  Matcher::Scratch* scratch_;
  std::size_t width_;
  std::uint64_t scanned_ = 0;
};

}  // namespace launchgate::secrets
