#include "libscan/core/secret_set.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace launchgate;

namespace {

const std::string kValue = "p&ss \"w/rd'<9>+é";  // every escaper has something to do

SecretSet guard() {
  SecretSet set;
  REQUIRE(set.add("$SMOKE_PASSWORD", kValue));
  return set;
}

}  // namespace

TEST_CASE("a loaded secret is recognised and masked in each encoding") {
  const SecretSet set = guard();
  const std::vector<std::pair<std::string, std::string>> forms = {
      {"raw", kValue},
      {"any case", "P&SS \"W/RD'<9>+é"},
      {"ISO 8859-1", "p&ss \"w/rd'<9>+\xe9"},
      {"ISO 8859-1, printable()", "p&ss \"w/rd'<9>+\\xe9"},
      {"url", "p%26ss%20%22w%2Frd%27%3C9%3E%2B%C3%A9"},
      {"url lower case", "p%26ss%20%22w%2frd%27%3c9%3e%2b%c3%a9"},
      {"form", "p%26ss+%22w%2Frd%27%3C9%3E%2B%C3%A9"},
      {"json", "p&ss \\\"w\\/rd'<9>+\\u00e9"},
      {"json of a careful encoder", "p\\u0026ss \\\"w/rd\\u0027\\u003c9\\u003E+é"},
      {"html", "p&amp;ss &quot;w/rd&#39;&lt;9&gt;+é"},
      {"html numeric", "p&#38;ss &#x22;w&#x2F;rd&#x27;&lt;9&gt;+&#233;"},
      {"hex", "702673732022772f7264273c393e2bc3a9"},
      {"hex upper case", "702673732022772F7264273C393E2BC3A9"},
      {"base64 offset 0", "cCZzcyAidy9yZCc8OT4rw6k="},
      {"base64 offset 1", "eHAmc3MgIncvcmQnPDk+K8Op"},
      {"base64 offset 1, url alphabet", "eHAmc3MgIncvcmQnPDk-K8Op"},
      {"base64 offset 2, as Basic sends it", "Authorization: Basic YTpwJnNzICJ3L3JkJzw5PivDqQ=="},
      {"base64, percent-encoded", "eHAmc3MgIncvcmQnPDk%2BK8Op"},
      {"json in json", "p&ss \\\\\\\"w/rd'<9>+\\\\u00e9"},
      {"json in html", "p&amp;ss \\&quot;w\\/rd&#39;&lt;9&gt;+\\u00e9"},
      {"url in json", "p%26ss%20%22w\\u00252Frd%27%3C9%3E%2B%C3%A9"},
      {"printable() of the value", "p&ss \"w/rd'<9>+\\xc3\\xa9"},
  };
  for (const auto& [name, form] : forms) {
    CAPTURE(name);
    const std::string text = "before (" + form + ") after";
    CHECK(set.leaks(text));
    const std::string shown = set.mask(text);
    CHECK(shown.find("before (") == 0);
    CHECK(shown.find("[$SMOKE_PASSWORD]") != std::string::npos);
    CHECK(shown.find(") after") == shown.size() - 7);
    CHECK_FALSE(set.leaks(shown));
  }
}

TEST_CASE("masking a base64 form leaves no character that holds bits of the value") {
  SecretSet set;
  REQUIRE(set.add("$P", "correcthorse"));
  // "xcorrecthorsey": the value begins and ends inside a character on each side.
  CHECK(set.mask("eGNvcnJlY3Rob3JzZXk=") == "e[$P]k=");
}

TEST_CASE("values shorter than the least size are refused, not searched for") {
  SecretSet set;
  CHECK_FALSE(set.add("$X", "abc"));
  CHECK_FALSE(set.add("$X", ""));
  CHECK(set.empty());
  CHECK_FALSE(set.leaks("abc"));
}

TEST_CASE("text without a secret comes back as it was, escapes and all") {
  const SecretSet set = guard();
  const std::string text = "100% of a+b &amp; c\\u0041 \\";
  CHECK_FALSE(set.leaks(text));
  CHECK(set.mask(text) == text);
}

TEST_CASE("overlapping secrets are masked as one stretch") {
  SecretSet set;
  set.add("$A", "abcdefgh");
  set.add("$B", "efghijkl");
  CHECK(set.mask("-abcdefghijkl-") == "-[$A]-");
}
