// Small codecs that validators, the value judge and sample templates share. Pure; hostile input is fine.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace launchgate::secrets {

// Decodes base64 of either alphabet (RFC 4648 sections 4 and 5) up to the first `=` or the end. Empty when a
// character belongs to neither alphabet or the length cannot be one. At most `limit` bytes come out.
std::string decode_base64(std::string_view text, std::size_t limit = 65536);

std::string encode_base64(std::string_view bytes);     // with padding
std::string encode_base64url(std::string_view bytes);  // without

// CRC-32 of ISO 3309, as zlib computes it.
std::uint32_t crc32(std::string_view bytes) noexcept;

// GitHub's and npm's token checksum: the CRC-32 of the random part in base 62 (0-9A-Za-z), six digits.
// https://github.blog/engineering/platform-security/behind-githubs-new-authentication-token-formats/
std::string crc32_base62(std::string_view bytes);

// The CRC-32 as eight lower-case hexadecimal digits, lowest byte first.
std::string crc32_hex(std::string_view bytes);

// The six characters that end a bech32 string (BIP 173) of this human-readable part and these data
// characters, both lower-case. Empty when a data character is not of bech32's alphabet.
std::string bech32_checksum(std::string_view human_part, std::string_view data);

}  // namespace launchgate::secrets
