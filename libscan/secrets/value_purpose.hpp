// Whom a secret serves that a machine may well have made: the world outside, or the place where it stands and nothing
// else. What a value looks like cannot tell. Private to libscan/secrets. Pure functions, no allocation.
#pragma once

#include <string_view>

#include "libscan/core/redact.hpp"

namespace launchgate::secrets {

// "JWT_SECRET", "APP_KEY", "SECRET_KEY_BASE": made by whoever runs the program, not issued by a service. In a test or
// an example it protects that test or example.
bool is_own_secret(std::string_view name) noexcept;

// "access_token", "refreshToken", "csrf_token": valid for a while, and made anew. Of a document `in_json` tells that
// the bare word stands in what a service answered: `"token": "x"`.
bool is_session_token(std::string_view name, bool in_json) noexcept;

// A host that answers on this machine or in this network only, or that RFC 2606, 5737 and 6761 set aside.
bool is_local_host(std::string_view host) noexcept;

// Is a host of the world named near the value?
bool has_outside_host_near(std::string_view text, ByteRange value) noexcept;

// Does the text begin as the description of an interface (OpenAPI, https://spec.openapis.org/oas/latest.html)?
bool begins_as_description(std::string_view text) noexcept;

// Is it what Keycloak is set up with (https://www.keycloak.org/server/importExport)? The realm issues what stands
// there.
bool begins_as_realm(std::string_view text) noexcept;

// `https://sonarcloud.io/api/project_badges/measure?token=x`: shown in a README by intent, and reads one figure. And
// the link that invites everyone into a group of QQ.
bool is_asked_for_by_badge(std::string_view text, ByteRange match) noexcept;

// A sample of what is sent, in a comment over several lines: `/* { "token": "x" } */`. Of a program alone.
bool is_in_payload_comment(std::string_view text, ByteRange match, std::string_view path) noexcept;

}  // namespace launchgate::secrets
