#include "libscan/engine/last_run.hpp"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "libscan/core/sha256.hpp"
#include "libscan/engine/cache_file.hpp"

namespace launchgate::engine {
namespace {

constexpr std::string_view kFirstLine = "launchgate last run 1\n";
constexpr std::size_t kCodeDigits = 64;

}  // namespace

LastRun::LastRun(std::string dir, const std::string& identity, std::string key)
    : dir_(std::move(dir)), digest_(hex(sha256(identity))), key_(std::move(key)) {}

std::string LastRun::code_of(const std::string& lines) const {
  return hex(hmac_sha256(std::string("launchgate last run v1") + '\0' + key_, digest_ + '\n' + lines));
}

// One line each: what this is, the code of all below, then object ids.
std::vector<git::Oid> LastRun::heads() const {
  std::vector<git::Oid> none, heads;
  if (dir_.empty() || !private_cache_dir(dir_)) return none;
  const auto text = read_cache_file(dir_ + "/history-" + digest_);
  if (!text || !std::string_view(*text).starts_with(kFirstLine)) return none;
  const std::string_view code = std::string_view(*text).substr(kFirstLine.size(), kCodeDigits);
  const std::size_t head = kFirstLine.size() + kCodeDigits + 1;
  if (text->size() < head || (*text)[head - 1] != '\n' || code != code_of(text->substr(head))) return none;
  for (std::string_view rest = std::string_view(*text).substr(head); !rest.empty();) {
    const std::size_t end = rest.find('\n');
    const auto oid = git::Oid::from_hex(rest.substr(0, end));
    if (!oid || end == std::string_view::npos) return none;
    heads.push_back(*oid);
    rest.remove_prefix(end + 1);
  }
  return heads;
}

void LastRun::remember(std::vector<git::Oid> heads) const {
  if (dir_.empty() || !private_cache_dir(dir_)) return;
  std::sort(heads.begin(), heads.end());
  heads.erase(std::unique(heads.begin(), heads.end()), heads.end());
  std::string lines;
  for (const git::Oid& oid : heads) lines += oid.hex() + '\n';
  write_cache_file(dir_ + "/history-" + digest_, std::string(kFirstLine) + code_of(lines) + '\n' + lines);
}

}  // namespace launchgate::engine
