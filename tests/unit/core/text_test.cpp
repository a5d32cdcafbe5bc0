#include "libscan/core/text.hpp"

#include <doctest/doctest.h>

#include <array>
#include <string>

using namespace launchgate;

TEST_CASE("count_characters counts code points and each malformed byte once") {
  CHECK(count_characters("abc") == 3);
  CHECK(count_characters("h\xc3\xa9\xf0\x9f\x98\x80") == 3);
  CHECK(count_characters("\xff\xc3") == 2);
  CHECK(count_characters("\xed\xa0\x80") == 3);  // a surrogate is no character
}

TEST_CASE("printable defuses control characters, directions and malformed bytes") {
  CHECK(printable("a\nb\x1b[31m\tc") == "a\\x0ab\\x1b[31m c");
  CHECK(printable("\xe2\x80\xae") == "\\u{202e}");
  CHECK(printable("\xff") == "\\xff");
  CHECK(printable("é") == "é");
}

TEST_CASE("valid_utf8 replaces malformed bytes and keeps the rest") {
  CHECK(valid_utf8("a\xff"
                   "b\n") ==
        "a\xef\xbf\xbd"
        "b\n");
}

TEST_CASE("ellipsize counts characters") {
  CHECK(ellipsize("héllo", 5) == "héllo");
  CHECK(ellipsize("héllo!", 5) == "héll…");
  CHECK(ellipsize("", 0).empty());
}

TEST_CASE("LineCounter tells line and column in characters") {
  const std::string text = "ab\ncé d\r\n\nx";
  LineCounter at(text);
  CHECK(at.at(0).line == 1);
  CHECK(at.at(2).column == 3);
  const auto p = at.at(6);
  CHECK(p.line == 2);
  CHECK(p.column == 3);
  CHECK(at.at(text.size() - 1).line == 4);
  CHECK(at.at(text.size() + 9).column == 2);
}

TEST_CASE("nearest offers a slip of the pen and nothing far away") {
  const std::array<std::string_view, 3> names{"regex", "keywords", "path"};
  CHECK(nearest("regexp", names) == "regex");
  CHECK(nearest("keyword", names) == "keywords");
  CHECK(nearest("description", names).empty());
}
