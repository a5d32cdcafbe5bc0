// Making foreign text harmless, one function per place it may stand in.
//
// CI systems read commands out of what a program prints. GitHub's runner takes `::error::` at the start of a line
// (after any blanks) and the older `##[error]` anywhere in one; Azure takes `##vso[`, TeamCity `##teamcity[`. So a file
// called `##[set-env name=PATH]x` is an attack on every format that may be printed there, JSON included. Formats that
// can write a character in two ways (JSON, XML) write the second `#` of a pair the other way and lose nothing;
// formats that cannot go through ci_inert() as their last step.
// Thread-safety: pure functions. Nothing throws on malformed input.
#pragma once

#include <string>
#include <string_view>

namespace launchgate::adapters {

// A finished text of many lines in which no line is a CI command: the second `#` of `##[` and `##letter` becomes
// \x23, the first colon of a line's leading `::` becomes \x3a.
std::string ci_inert(std::string_view text);

// A JSON string with its quotes. Pure meaning-preserving escapes, except that malformed UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view s);

// For XML text and double-quoted attributes. Characters XML 1.0 cannot hold are written as printable() does.
std::string xml(std::string_view s);

// A quoted CSV field (RFC 4180) that a spreadsheet takes for text, not for a formula.
std::string csv_field(std::string_view s);

// GitHub workflow commands: the message, and a property's value. Escapes by the rules of @actions/core.
std::string github_message(std::string_view s);
std::string github_property(std::string_view s);

// Markdown prose, shown as it stands: no HTML, no @mention, no markup but `code`, no links but plain https:// ones.
std::string markdown(std::string_view s);
// Markdown inline code, also safe inside a table cell.
std::string markdown_code(std::string_view s);

// A relative URI reference for a path of any bytes: percent-encoded, without "./" or "/" at its start.
std::string relative_uri(std::string_view path);

}  // namespace launchgate::adapters
