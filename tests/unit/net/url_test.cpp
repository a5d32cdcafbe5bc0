#include "libscan/net/url.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate::net;

TEST_CASE("references resolve as RFC 3986 section 5.4 lists them") {
  const Url base = *parse_url("http://a/b/c/d;p?q");
  const std::pair<const char*, const char*> table[] = {
      {"g", "http://a/b/c/g"},
      {"./g", "http://a/b/c/g"},
      {"g/", "http://a/b/c/g/"},
      {"/g", "http://a/g"},
      {"//g", "http://g/"},
      {"?y", "http://a/b/c/d;p?y"},
      {"g?y", "http://a/b/c/g?y"},
      {"#s", "http://a/b/c/d;p?q"},
      {"g#s", "http://a/b/c/g"},
      {";x", "http://a/b/c/;x"},
      {"", "http://a/b/c/d;p?q"},
      {".", "http://a/b/c/"},
      {"..", "http://a/b/"},
      {"../g", "http://a/b/g"},
      {"../..", "http://a/"},
      {"../../../g", "http://a/g"},
      {"/./g", "http://a/g"},
      {"/../g", "http://a/g"},
      {"g;x=1/../y", "http://a/b/c/y"},
      {"https://h/x", "https://h/x"},
      {"\\\\h\\x", "http://h/x"},
  };
  for (const auto& [reference, wanted] : table) {
    CAPTURE(reference);
    const auto url = resolve(base, reference);
    REQUIRE(url);
    CHECK(url->str() == wanted);
  }
}

TEST_CASE("what is no http address is refused") {
  for (const char* text : {"", "ftp://a/", "http://", "http://u:p@a/", "http://a b/", "http://a:99999/", "http://a:x/",
                           "//a/", "http://[::1", "http://[zz]/", "http://a\n/", "javascript:alert(1)"}) {
    CAPTURE(text);
    CHECK_FALSE(parse_url(text));
  }
  const Url base = *parse_url("https://a/");
  CHECK_FALSE(resolve(base, "javascript:alert(1)"));
  CHECK_FALSE(resolve(base, "data:text/html,x"));
  CHECK_FALSE(resolve(base, "file:///etc/passwd"));
  CHECK_FALSE(resolve(base, "https://user@a/"));
}

TEST_CASE("origin and authority leave default ports out and bracket IPv6") {
  CHECK(parse_url("HTTPS://A.Example:443/x")->origin() == "https://a.example");
  CHECK(parse_url("http://[::1]:8080/")->authority() == "[::1]:8080");
  CHECK(host_in(*parse_url("http://a:81/"), {"b", "a:81"}));
  CHECK_FALSE(host_in(*parse_url("http://a:82/"), {"b", "a:81"}));
}

TEST_CASE("this machine is told from a name that begins like its address") {
  for (const char* host : {"localhost", "::1", "127.0.0.1", "127.8.9.10"}) CHECK_MESSAGE(is_loopback(host), host);
  for (const char* host : {"127.example.com", "127.0.0.1.example.com", "127.1.2.x", "127.0.0", "128.0.0.1", "::2", ""})
    CHECK_MESSAGE(!is_loopback(host), host);
}

TEST_CASE("forms are encoded as browsers do") {
  CHECK(form_encode({{"a b", "c&d=é+"}, {"e", ""}}) == "a+b=c%26d%3D%C3%A9%2B&e=");
  CHECK(percent_decode("a%2Bb%zz%") == "a+b%zz%");
}
