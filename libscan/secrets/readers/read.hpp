// The readers behind the table in readers.cpp, grouped in one .cpp per family. Private to libscan/secrets.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>
#include <vector>

#include "libscan/secrets/readers.hpp"

namespace launchgate::secrets::read {

std::size_t block(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out);
std::size_t columns(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out);
std::size_t delimited_table(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out);
std::size_t markdown_table(std::string_view text, ByteRange heading, ByteRange named, std::vector<HeldValue>& out);

// ---- shared by the families ----

// The text as far as a reader may look.
inline std::string_view within_reach(std::string_view text, ByteRange heading) {
  return text.substr(0, std::min(text.size(), heading.end + Reader::kReach));
}

// Where the line of `at` begins, as far back as a reader may look.
std::size_t line_start(std::string_view text, std::size_t at);
// False when it begins farther away: then nobody knows which column `at` is in.
bool sees_line_start(std::string_view text, std::size_t at);

// Without blanks and the marks that surround a value: quotes, and in Markdown ` and *.
ByteRange trimmed(std::string_view text, ByteRange r, std::string_view marks);

// Does a column or a block of this name hold secrets? "password", "api_token", "clientSecrets".
bool holds_secrets(std::string_view name);
bool holds_passwords(std::string_view name);

// Could the cell be what such a column holds? One word of some length; of passwords no digest, which is what tables
// hold instead of them.
bool may_be_secret(std::string_view value, bool password);

// What was read up to `stopped` because it ended there (`closed`), or because a reader looks no farther: then a heading
// in the later half is read for itself.
inline std::size_t read_up_to(ByteRange heading, std::size_t stopped, bool closed) {
  return closed && stopped < heading.end + Reader::kReach ? stopped : heading.end + (stopped - heading.end) / 2;
}

}  // namespace launchgate::secrets::read
