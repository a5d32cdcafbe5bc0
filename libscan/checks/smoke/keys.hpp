// The key tables of launchgate.toml, one per kind of table, and a flat list of all of them for documentation.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "libscan/checks/smoke/key_reader.hpp"
#include "libscan/checks/smoke/spec.hpp"

namespace launchgate::checks::smoke {

std::span<const Key<Connection>> connection_keys() noexcept;  // of the root and of every check
std::span<const Key<Step>> step_keys() noexcept;              // a request, what is expected, what is kept of it
std::span<const Key<Expect>> expect_keys() noexcept;
std::span<const Key<Login>> login_keys() noexcept;
std::span<const Key<Csrf>> csrf_keys() noexcept;
std::span<const Key<OAuth>> oauth_keys() noexcept;
std::span<const Key<Budget>> budget_keys() noexcept;
std::span<const Key<Success>> success_keys() noexcept;
std::span<const Key<Connection>> tls_keys() noexcept;
std::span<const Key<ReleaseSpec>> release_keys() noexcept;
std::span<const Key<GateSpec>> gate_keys() noexcept;
std::span<const Key<CheckSpec>> check_keys() noexcept;  // those of step and connection excluded

// Reads one [check.ID] table: its own keys, those of its connection, and those of its one step.
void read_check(const Field& field, CheckSpec& into);

struct DocumentedKey {
  std::string table;  // "check.*.expect"
  std::string_view name, example, help;
};
std::vector<DocumentedKey> documented_keys();

}  // namespace launchgate::checks::smoke
