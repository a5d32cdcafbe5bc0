// "{{name}}" in what the configuration sends: captured values put in, each encoded for where it goes.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/checks/smoke/spec.hpp"

namespace launchgate::checks::smoke {

using Captures = std::map<std::string, std::string, std::less<>>;
enum class Encoding { none, url };

// Unknown names stay as they stand; the configuration has refused them before.
std::string expand(std::string_view text, const Captures& captures, Encoding encoding = Encoding::none);

// Every name a request uses, in its target, headers and bodies.
std::vector<std::string> placeholders(const Send& send);

// A configuration value as JSON text, its strings expanded.
std::string to_json(const config::Value& value, const Captures& captures);
std::string json_string(std::string_view text);

}  // namespace launchgate::checks::smoke
