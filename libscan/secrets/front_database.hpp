// Hyperscan behind a small door: many patterns in, (id, end) of every match out. Vectorscan builds from the same
// source. The only file pair that includes hs.h.
//
// Thread-safety: a FrontDatabase is immutable, and its copies are the same one; each thread scans with a Scratch of its
// own.
#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/result.hpp"

struct hs_database;
struct hs_scratch;

namespace launchgate::secrets {

struct FrontPattern {
  std::string text;
  std::uint32_t id = 0;  // reported on a match; several patterns may share one
  bool caseless = false;
  std::uint32_t lead = 0;  // FrontForm::lead; Hyperscan does not ask for it
};

struct FrontRefusal {
  std::size_t pattern;  // index of the pattern Hyperscan refused
  std::string why;
};

class FrontDatabase {
 public:
  struct Free {
    void operator()(hs_database*) const noexcept;
    void operator()(hs_scratch*) const noexcept;
  };
  using Scratch = std::unique_ptr<hs_scratch, Free>;  // empty until scan() fills it

  FrontDatabase() = default;  // of no patterns: matches nothing

  // For any machine of this architecture, not tuned to the one it runs on: measured to cost nothing.
  // On failure `refusal` names the pattern.
  static Result<FrontDatabase> compile(const std::vector<FrontPattern>& patterns, FrontRefusal& refusal);

  // Bytes made by serialize() under the same library version; else an Error (compile again).
  static Result<FrontDatabase> load(std::string_view serialized);
  // The same from bytes that are as sound as the program and outlive the database: only their first lines are looked
  // at before something is scanned. Loading takes half a millisecond, and a clean hook run never gets there.
  static Result<FrontDatabase> load_later(std::string_view lasting);
  Result<std::string> serialize() const;  // empty for the database of no patterns

  // Appends every (end << 32 | id) to `hits` in the order Hyperscan reports them (rising end).
  // `text` is at most 4 GiB.
  void scan(std::string_view text, Scratch&, std::vector<std::uint64_t>& hits) const;

  static const char* library_version() noexcept;

 private:
  struct State {
    std::string_view waiting;  // to be loaded at first use
    std::once_flag once;
    std::unique_ptr<hs_database, Free> database;
  };
  const hs_database* database() const;

  std::shared_ptr<State> state_;
};

}  // namespace launchgate::secrets
