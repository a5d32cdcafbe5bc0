// Whose key is it? What a generic rule found has no shape of its own; the name it is bound to, the client it is given
// to or the host it is sent to often says which service issued it: ABUSEIPDB_API_KEY, new Tomtom("…"), a call of
// api.lokalise.com. Rules that state `names` and no expression lend such findings their id, severity and advice. They
// cost nothing until something is found.
//
// Thread-safety: immutable.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "libscan/core/redact.hpp"
#include "libscan/secrets/rule.hpp"

namespace launchgate::secrets {

class ServiceNames {
 public:
  // `rules` must outlive this.
  explicit ServiceNames(const RuleSet& rules);

  struct Service {
    std::uint32_t rule = 0;  // index into the rule set
    std::string_view name;   // as it is shown: "AbuseIPDB"
  };
  // The service named nearest to text[secret]: in front of it on its line, behind it, or on the line that opens the
  // block it stands in.
  std::optional<Service> beside(std::string_view text, ByteRange secret) const;

 private:
  std::optional<Service> nearest(std::string_view part, bool from_behind) const;

  std::unordered_map<std::string, Service> by_word_;  // lower-case letters and digits alone
};

// Is a finding of this rule known by nothing but its surroundings? Of rules that judge values or validate them alone:
// others were written for another program, and are reported as they are called.
bool takes_name(const Rule& rule);

}  // namespace launchgate::secrets
