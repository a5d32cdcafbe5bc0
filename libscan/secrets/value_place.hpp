// What the path of a file says about the values in it: the same line is a setting in one file, a program in another,
// a label in a third, and made up for the occasion in a test. Private to libscan/secrets. Pure functions, no
// allocation.
#pragma once

#include <string_view>

namespace launchgate::secrets {

enum class FileKind { code, settings, text, translation };
FileKind file_kind(std::string_view path) noexcept;

// "mock_test.go", "FakeMailer.php": a program that stands in for a service.
bool is_mock(std::string_view path) noexcept;

// Tests, their data, examples and pages of documentation: their authors make up logins to show or to check something.
bool is_for_show(std::string_view path) noexcept;

// Of these the pages that people read. A small team's may hold what it works with.
bool is_document(std::string_view path) noexcept;

// "openapi.yaml": the description of an interface, of which every value is an example.
bool is_description(std::string_view path) noexcept;

// Programs of tests and what they read; not the settings that tests run with.
bool is_test_data(std::string_view path) noexcept;

// What a build service runs. Logins in it are for the services that it starts itself; ids and sessions are not.
bool is_pipeline(std::string_view path) noexcept;

// ".env.example", "compose.sample.yml": made to be copied, and never read by a program.
bool is_example_file(std::string_view path) noexcept;

// "docker-compose.yml", "application-local.yml", ".env.development": what starts the program on a developer's machine,
// unless its path speaks of production.
bool is_for_development(std::string_view path) noexcept;

// Of these, what says so by its name: a compose.yml may well run in production.
bool is_named_for_development(std::string_view path) noexcept;

// A script or a module of PowerShell.
bool is_powershell(std::string_view path) noexcept;

// Tables of texts in a folder of translations: whatever stands there is read by people, even what a translation service
// writes until it has words. A program in such a folder is still a program.
bool holds_texts(std::string_view path) noexcept;

// Written by a package manager or a translation service: names and checksums.
bool is_lock_file(std::string_view path) noexcept;

// Files made to be copied and filled in: "config.example.yml", "settings.dist".
bool is_template(std::string_view path) noexcept;

}  // namespace launchgate::secrets
