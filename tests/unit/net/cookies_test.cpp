#include "libscan/net/cookies.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace launchgate::net;

namespace {

Url at(std::string_view text) { return *parse_url(text); }
constexpr std::int64_t kNow = 1'750'000'000;

}  // namespace

TEST_CASE("a cookie goes back to its host and path only") {
  CookieJar jar;
  CHECK(jar.store(at("https://a.example/x/login"), "s=1", kNow));
  CHECK(jar.header_for(at("https://a.example/x/y"), kNow) == "s=1");
  CHECK(jar.header_for(at("https://a.example/xy"), kNow).empty());
  CHECK(jar.header_for(at("https://b.example/x/"), kNow).empty());
  CHECK(jar.header_for(at("https://sub.a.example/x/"), kNow).empty());
}

TEST_CASE("a domain cookie reaches sub-domains, never a stranger's or a top-level domain") {
  CookieJar jar;
  CHECK(jar.store(at("https://app.a.example/"), "d=1; Domain=.a.example; Path=/", kNow));
  CHECK(jar.header_for(at("https://other.a.example/"), kNow) == "d=1");
  CHECK(jar.header_for(at("https://xa.example/"), kNow).empty());
  CHECK_FALSE(jar.store(at("https://app.a.example/"), "d=1; Domain=example", kNow));
  CHECK_FALSE(jar.store(at("https://app.a.example/"), "d=1; Domain=b.example", kNow));
  CHECK_FALSE(jar.store(at("http://10.0.0.1/"), "d=1; Domain=0.0.1", kNow));
}

TEST_CASE("Secure and the name prefixes are held") {
  CookieJar jar;
  CHECK_FALSE(jar.store(at("http://a.example/"), "s=1; Secure", kNow));
  CHECK(jar.store(at("http://127.0.0.1:8000/"), "s=1; Secure", kNow));
  CHECK(jar.store(at("https://a.example/"), "t=1; Secure", kNow));
  CHECK(jar.header_for(at("http://a.example/"), kNow).empty());
  CHECK_FALSE(jar.store(at("https://a.example/"), "__Host-x=1; Secure; Path=/a", kNow));
  CHECK_FALSE(jar.store(at("https://a.example/"), "__Secure-x=1", kNow));
  CHECK_FALSE(jar.store(at("https://a.example/"), "__Host-x=1; Secure; Path=/; Domain=a.example", kNow));
  CHECK(jar.store(at("https://a.example/"), "__Host-x=1; Secure; Path=/", kNow));
  // A name that begins like an address of this machine is a site like any other.
  CHECK_FALSE(jar.store(at("http://127.example/"), "s=1; Secure", kNow));
  CHECK(jar.store(at("https://127.example/"), "u=1; Secure", kNow));
  CHECK(jar.header_for(at("http://127.example/"), kNow).empty());
}

TEST_CASE("expiry deletes, Max-Age wins over Expires") {
  CookieJar jar;
  const Url url = at("https://a.example/");
  jar.store(url, "a=1", kNow);
  jar.store(url, "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", kNow);
  CHECK(jar.find("a") == nullptr);
  jar.store(url, "b=1; Max-Age=10; Expires=Thu, 01 Jan 1970 00:00:00 GMT", kNow);
  CHECK(jar.header_for(url, kNow + 9) == "b=1");
  CHECK(jar.header_for(url, kNow + 10).empty());
  jar.store(url, "b=2; Max-Age=-5", kNow);
  CHECK(jar.find("b") == nullptr);
}

TEST_CASE("cookies of one name live side by side on different paths, the longer path first") {
  CookieJar jar;
  jar.store(at("https://a.example/"), "s=root; Path=/", kNow);
  jar.store(at("https://a.example/"), "s=admin; Path=/admin", kNow);
  CHECK(jar.header_for(at("https://a.example/admin/"), kNow) == "s=admin; s=root");
  CHECK(jar.header_for(at("https://a.example/"), kNow) == "s=root");
}

TEST_CASE("a cookie bomb is bounded") {
  CookieJar jar;
  const Url url = at("https://a.example/");
  CHECK_FALSE(jar.store(url, "big=" + std::string(5000, 'x'), kNow));
  for (int i = 0; i < 1000; ++i) jar.store(url, "c" + std::to_string(i) + "=" + std::string(1000, 'x'), kNow);
  CHECK(jar.all().size() == CookieJar::kMaxCookies);
  CHECK(jar.header_for(url, kNow).size() <= CookieJar::kMaxHeaderBytes);
  CHECK(jar.refused() == 851);
}

TEST_CASE("HTTP dates in their three forms") {
  for (const char* text :
       {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"}) {
    CAPTURE(text);
    std::int64_t seconds = 0;
    REQUIRE(parse_http_date(text, seconds));
    CHECK(seconds == 784111777);
  }
  std::int64_t seconds = 0;
  CHECK_FALSE(parse_http_date("120", seconds));
  CHECK_FALSE(parse_http_date("Sun, 99 Foo 1994 08:49:37", seconds));
}
