// What --since-last remembers: the commits that a run looked at, with all they reach, and had nothing to report about.
//
// A run with findings is not remembered: its findings come again until they are mended or accepted. Nor is one that
// could not look at everything. So a remembered commit means: with these rules and this baseline there is nothing to
// say about it. A cache may cost time, never a finding: the file is named by a digest of all that the answer depends
// on, carries a code over its content (with LAUNCHGATE_ID_KEY one that nobody without that key can make), and counts
// only when it is this user's alone. Thread-safety: one object per thread.
#pragma once

#include <string>
#include <vector>

#include "libscan/git/oid.hpp"

namespace launchgate::engine {

class LastRun {
 public:
  // `dir` empty: nothing is remembered. `identity`: all that an answer depends on besides the commits.
  LastRun(std::string dir, const std::string& identity, std::string key);

  // Empty when there is none, or what is there is not to be trusted.
  std::vector<git::Oid> heads() const;
  // Puts them in place of what was there. A failure costs only time.
  void remember(std::vector<git::Oid> heads) const;

 private:
  std::string code_of(const std::string& lines) const;

  std::string dir_;
  std::string digest_;
  std::string key_;
};

}  // namespace launchgate::engine
