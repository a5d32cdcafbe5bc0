// RuleSet <-> bytes: how the catalogue is embedded in the binary and cached on disk, without TOML at start-up.
// The format is private to one build of launchgate: a version tag guards it. Decoding hostile bytes is safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

// Samples are left out: only the build and `rules test` need them, and they read the TOML.
std::string encode_rules(const RuleSet&);
Result<RuleSet> decode_rules(std::string_view bytes);

// Little-endian numbers and length-prefixed strings; for the small private formats beside this one.
class ByteWriter {
 public:
  void number(std::uint64_t value, int bytes = 4);
  void string(std::string_view s);
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class ByteReader {
 public:
  explicit ByteReader(std::string_view bytes) : left_(bytes) {}
  std::uint64_t number(int bytes = 4);  // 0 once the input is exhausted: check ok()
  std::string_view string();
  // A count of items of at least `item_size` bytes each; fails when they cannot all be there.
  std::size_t count(std::size_t item_size = 1);
  bool ok() const { return ok_; }
  std::string_view rest() const { return left_; }

 private:
  std::string_view left_;
  bool ok_ = true;
};

}  // namespace launchgate::secrets
