// Validates JSON against a JSON Schema: the part of draft 4 to 7 that the formats' own schemas use. A keyword it does
// not know is an error of the test, not a pass.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace launchgate::testing {

// What is wrong, each with its place ("/runs/0/results/3/level: …"); empty when the instance is valid.
std::vector<std::string> schema_errors(std::string_view schema, std::string_view instance);

// A file of the folder of foreign schemas, which is not part of this repository: LG_SHARED, else ../shared beside the
// source folder. Nothing when it is not there; the caller says that it skips.
std::optional<std::string> shared_path(const std::string& source_dir, const std::string& name);

std::string read_text(const std::string& path);  // "" when it cannot be read

}  // namespace launchgate::testing
