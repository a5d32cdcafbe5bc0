#include "libscan/secrets/text_encoding.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate::secrets;

namespace {

std::string utf16(std::string_view text, bool big_endian) {
  std::string out;
  for (const char c : text) big_endian ? out.append({'\0', c}) : out.append({c, '\0'});
  return out;
}

constexpr std::string_view kText = "[client]\r\npassword=x\r\n";

}  // namespace

TEST_CASE("UTF-16 is known by its mark, and without one by its zeros") {
  CHECK(detect_encoding("\xff\xfe" + utf16(kText, false)) == Encoding::utf16_le);
  CHECK(detect_encoding("\xfe\xff" + utf16(kText, true)) == Encoding::utf16_be);
  CHECK(detect_encoding(utf16(kText, false)) == Encoding::utf16_le);
  CHECK(detect_encoding(utf16(kText, true)) == Encoding::utf16_be);
  CHECK(detect_encoding(utf16(kText, false) + "\x1e\x04") == Encoding::utf16_le);  // a letter of another script
  CHECK(detect_encoding(utf16(kText, false) + "x") == Encoding::utf16_le);         // half a unit
  CHECK(detect_encoding(utf16(std::string(kBinaryProbe, 'a'), false) + std::string(9, '\0')) == Encoding::utf16_le);
}

TEST_CASE("what has zeros and is no text is binary") {
  CHECK(detect_encoding(std::string(64, '\0')) == Encoding::binary);
  CHECK(detect_encoding(std::string("password=x\0", 11)) == Encoding::binary);
  CHECK(detect_encoding(utf16("short", false)) == Encoding::binary);
  CHECK(detect_encoding(utf16(std::string(kText) + "\x01", false)) == Encoding::binary);  // small numbers
  CHECK(detect_encoding(utf16(kText, false) + std::string(2, '\0')) == Encoding::binary);
  CHECK(detect_encoding(utf16("a quarter", false) + "of it is something else") == Encoding::binary);
  CHECK(detect_encoding("plain text") == Encoding::bytes);
  CHECK(detect_encoding("") == Encoding::bytes);
}

TEST_CASE("a byte order mark is as long as it is, whatever the encoding") {
  CHECK(bom_size("\xef\xbb\xbfx") == 3);
  CHECK(bom_size("\xff\xfe") == 2);
  CHECK(bom_size("\xfe\xff") == 2);
  CHECK(bom_size(utf16(kText, false)) == 0);
  CHECK(bom_size("") == 0);
}
