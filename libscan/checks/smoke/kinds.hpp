// The one attempt of each kind of check; catalog.cpp lists them.
#pragma once

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/run.hpp"

namespace launchgate::checks::smoke {

Tried try_requests(const CheckSpec& spec, Run& run);  // page-load, api-health, session
Tried try_login(const CheckSpec& spec, Run& run);
Tried try_browser(const CheckSpec& spec, Run& run);

}  // namespace launchgate::checks::smoke
