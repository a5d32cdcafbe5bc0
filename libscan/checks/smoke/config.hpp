// launchgate.toml, as far as checks of a deployed site are concerned: text in, Config or the first mistake out.
//
// Every mistake is found before anything is sent, and says where: an unknown key with the nearest name, a literal
// secret, a $NAME the environment lacks, a {{capture}} nobody made, a URL of a host that is not allowed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "libscan/checks/smoke/key_reader.hpp"
#include "libscan/checks/smoke/spec.hpp"
#include "libscan/core/result.hpp"

namespace launchgate::checks::smoke {

struct ConfigRequest {
  std::string environment;  // picks [env.NAME], whose base, allow_hosts and release win
  std::string release;      // wins over release.equals
  EnvLookup env;            // empty: "$NAME" stays as it stands, for --explain
};

// Errors: ErrorCode::config, "FILE:LINE:COLUMN: table.key: what".
Result<Config> read_config(std::string_view toml, std::string_view file, const ConfigRequest& request);

// The part of it that says which site is ours and how its hosts are reached: base, allow_hosts, proxy, resolve, tls and
// the like. The checks are left alone, and so are the variables that only they need.
struct Reach {
  Config config;
  bool ours = false;  // the file is about the host of the URL; else its words are about others
};
// Without request.environment it is the one whose base or allow_hosts names the host of `url`, if any does. A file
// with no base at all is about every host.
Result<Reach> read_reach(std::string_view toml, std::string_view file, const ConfigRequest& request,
                         std::string_view url);

// The top-level keys and tables it reads, for other readers of the same file.
std::vector<std::string_view> root_key_names();

// The absolute URL of a target as the configuration writes it; empty when it is of a host that is not allowed.
std::string url_of(const Config& config, std::string_view target);

// What a run of this configuration would do, in words, without sending anything.
std::string explain(const Config& config);

}  // namespace launchgate::checks::smoke
