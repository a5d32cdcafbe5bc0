// Which run is this? What a CI system says about itself, or something made up for a run by hand.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "libscan/gate/event.hpp"
#include "libscan/net/clock.hpp"

namespace launchgate::engine {

using Variables = std::function<std::optional<std::string>(std::string_view name)>;

// `env` and `release` as asked for; an empty release is the commit the CI runs for, an empty env is "default".
gate::Run identify_run(std::string env, std::string release, const Variables& variables, net::Clock& clock);

// Where a person can look at it; empty outside CI.
std::string run_link(const Variables& variables);

}  // namespace launchgate::engine
