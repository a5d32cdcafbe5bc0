// Git's glob language under the name the git room knows it by; it lives in core, where ignores and excludes use it too.
#pragma once

#include "libscan/core/wildmatch.hpp"

namespace launchgate::git {

using launchgate::fold_ascii;
using launchgate::Wildmatch;

}  // namespace launchgate::git
