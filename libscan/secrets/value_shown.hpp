// Is a value there to be read rather than used: in what describes a program, in an example, in an address that has had
// its day? Private to libscan/secrets. Pure functions, no allocation; they look at a bounded part of the text.
#pragma once

#include <cstddef>
#include <string_view>

#include "libscan/core/redact.hpp"

namespace launchgate::secrets {

// In what describes a part of a program: "* @example login('x')", a doc string of Python or Elixir, the pod of Perl,
// the help of a PowerShell function or of a command in Go.
bool is_in_doc_comment(std::string_view text, std::size_t at, std::string_view path) noexcept;

// In a comment under a line that ends in "Example:" or "e.g.:".
bool is_under_example(std::string_view text, std::size_t at) noexcept;

// In a line that says what a test expects: "assert login('x')", "expect(token).toBe('x')".
bool is_asserted(std::string_view text, std::size_t at) noexcept;

// In the query of an address of a picture or a film: whoever sees the page that shows it has it.
bool is_in_picture_address(std::string_view text, ByteRange value) noexcept;

// In a command of curl that asks the machine it runs on, and nothing else.
bool is_sent_to_this_machine(std::string_view text, ByteRange value) noexcept;

// In an address that AWS signed with keys that are valid for hours,
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html. Nothing in it is of use without the
// secret that signed it, and what it opens is one object until it expires.
bool is_in_signed_address(std::string_view text, ByteRange value) noexcept;

// An address of a block chain, 32 bytes in Base58, among others: what Solana calls a token, for one.
bool is_among_addresses(std::string_view text, ByteRange value) noexcept;

}  // namespace launchgate::secrets
