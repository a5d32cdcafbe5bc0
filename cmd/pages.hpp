// Markdown made from the tables of the program.
#pragma once

#include <string>

#include "libscan/secrets/rule.hpp"

namespace launchgate::cmd {

std::string cli_page();                                     // docs/cli.md
std::string catalogue_page(const secrets::RuleSet& rules);  // docs/catalogue.md

}  // namespace launchgate::cmd
