// The site scan against a server on loopback: what it must find, what must not fool it, how far it may go.
#include "libscan/checks/site/site_scan.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <map>

#include "libscan/checks/site/exposure.hpp"
#include "libscan/checks/site/references.hpp"
#include "libscan/core/fingerprint.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/http_curl.hpp"
#include "tests/support/test_server.hpp"

using namespace launchgate;
using namespace launchgate::checks::site;
using launchgate::tests::Connection;
using launchgate::tests::Received;
using launchgate::tests::TestServer;

namespace {

secrets::Matcher token_matcher() {
  secrets::RuleSet set;
  secrets::Rule rule;
  rule.id = "test-token";
  rule.description = "A token of these tests";
  rule.regex = "tok_[0-9a-f]{24}";
  rule.regex_where = "test:1:1";
  rule.keywords = {"tok_"};
  set.rules = {rule};
  auto matcher = secrets::Matcher::create(std::move(set));
  REQUIRE(matcher);
  return std::move(*matcher);
}

std::string token() { return "tok_" + net::random_hex(12); }

struct Page {
  std::string body;
  int status = 200;
  std::vector<std::string> headers = {};
};

// A site of fixed pages; `other` answers for the rest.
struct Site {
  std::map<std::string, Page> pages;
  std::function<Page(const Received&)> other = [](const Received&) { return Page{"not found", 404, {}}; };
  TestServer server{[this](const Received& r, Connection& c) {
    const auto at = pages.find(r.path);
    const Page page = at != pages.end() ? at->second : other(r);
    c.reply(page.status, page.body, page.headers);
  }};

  SiteScan scan(std::function<void(SiteOptions&)> change = {}) {
    net::SystemClock clock;
    auto http = net::make_curl_http(clock);
    SiteOptions options;
    options.url = server.url("/");
    options.request.timeout_ms = 3000;
    if (change) change(options);
    auto scanned = scan_site(options, token_matcher(), *http);
    REQUIRE(scanned);
    return std::move(*scanned);
  }
};

std::vector<std::string> rules_of(const SiteScan& scan) {
  std::vector<std::string> rules;
  for (const Finding& f : scan.findings) rules.push_back(f.rule);
  std::sort(rules.begin(), rules.end());
  return rules;
}

const Finding* find(const SiteScan& scan, const std::string& secret) {
  for (const Finding& f : scan.findings)
    if (f.secret_id == secret_id(secret)) return &f;
  return nullptr;
}

using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("secrets are found in the page, its data, its scripts, the chunks those name, and embedded sources") {
  Site site;
  const std::string in_page = token(), in_data = token(), in_script = token(), in_chunk = token(), in_next = token(),
                    in_map = token(), in_inline_map = token(), in_linked = token();
  site.pages["/"] = {"<!doctype html><title>x</title><!-- " + in_page +
                     " --><a href=/about>a</a><a href='https://example.org/x'>b</a><script src=/a/main.js></script>"
                     "<script id=__NEXT_DATA__ type=application/json>{\"props\":{\"k\":\"" +
                     in_data + "\"}}</script>"};
  site.pages["/about"] = {"<html><p>" + in_linked};
  site.pages["/a/main.js"] = {"let k='" + in_script +
                              "';import('./chunk-1.js');self.m=[\"static/chunks/pages/x-1.js\"]\n"
                              "//# sourceMappingURL=main.js.map"};
  site.pages["/a/chunk-1.js"] = {
      "x='" + in_chunk + "'\n//# sourceMappingURL=data:application/json;base64," +
      net::base64_encode(R"({"version":3,"mappings":"","sources":["i.ts"],"sourcesContent":["a=')" + in_inline_map +
                         R"('"]})")};
  site.pages["/_next/static/chunks/pages/x-1.js"] = {"y='" + in_next + "'"};
  site.pages["/a/main.js.map"] = {
      R"({"version":3,"sources":["webpack://app/./src/config.ts","b.ts"],"sourcesContent":["const k = ')" + in_map +
      R"('",null],"mappings":"AAAA"})"};
  const SiteScan scan = site.scan();
  for (const std::string* secret :
       {&in_page, &in_data, &in_script, &in_chunk, &in_next, &in_map, &in_inline_map, &in_linked}) {
    CAPTURE(secret - &in_page);
    const Finding* f = find(scan, *secret);
    REQUIRE(f != nullptr);
    CHECK(f->where.url.starts_with(site.server.origin()));
    CHECK(f->where.path.empty());
    CHECK(f->masked.find(secret->substr(8)) == std::string::npos);
  }
  CHECK(find(scan, in_map)->reasons.back() == "in the embedded source webpack://app/./src/config.ts");
  CHECK(rules_of(scan).front() == "exposed-source-map");
  CHECK(scan.coverage.complete());
  for (const Received& r : site.server.log()) CHECK(r.method == "GET");
}

TEST_CASE("exposed files are proven by their content") {
  Site site;
  const std::string secret = token(), word = net::random_hex(12);
  site.pages["/"] = {"<html>"};
  site.pages["/.env"] = {"DB_HOST=db\nDB_PASSWORD=" + word + "\nTOKEN=" + secret + "\n"};
  site.pages["/.git/HEAD"] = {"ref: refs/heads/main\n"};
  site.pages["/.git/config"] = {"[core]\n\tbare = false\n"};
  site.pages["/.npmrc"] = {"//registry.example/:_authToken=x\n"};
  site.pages["/env.js"] = {"window.env={k:'" + secret + "'}"};
  const SiteScan scan = site.scan();
  CHECK(rules_of(scan) == Names{"exposed-dotenv", "exposed-file", "exposed-git", "exposed-git", "test-token"});
  for (const Finding& f : scan.findings) {
    CHECK(f.message.find(word) == std::string::npos);
    CHECK(f.message.find(secret) == std::string::npos);
    if (f.rule == "exposed-dotenv") CHECK(f.severity == Severity::launch_blocker);
  }
  CHECK(find(scan, secret)->also.size() == 1);  // in .env and in env.js: one finding, two places
}

TEST_CASE("a site that answers every path with 200 is not exposed") {
  SUBCASE("with its start page") {
    Site site;
    site.other = [](const Received&) { return Page{"<!doctype html><div id=root></div>"}; };
    CHECK(site.scan().findings.empty());
  }
  SUBCASE("with an empty body") {
    Site site;
    site.pages["/"] = {"<html>"};
    site.other = [](const Received&) { return Page{""}; };
    CHECK(site.scan().findings.empty());
  }
  SUBCASE("with something that looks like each of them") {
    Site site;
    site.pages["/"] = {"<html>"};
    site.other = [](const Received& r) {
      return Page{r.path.find("HEAD") != std::string::npos ? "ref: refs/heads/main"
                                                           : "PATH_ASKED=" + r.path + "\nA_KEY=b\n"};
    };
    CHECK(site.scan().findings.empty());
  }
  SUBCASE("with a JSON error") {
    Site site;
    site.pages["/"] = {"<html>"};
    site.other = [](const Received&) { return Page{R"({"error":"not found"})"}; };
    CHECK(site.scan().findings.empty());
  }
  SUBCASE("by redirects to the start page") {
    Site site;
    site.pages["/"] = {"<html>"};
    site.other = [](const Received&) { return Page{"", 302, {"Location: /"}}; };
    CHECK(site.scan().findings.empty());
  }
}

TEST_CASE("hosts of others are not asked, and are told") {
  TestServer other([](const Received&, Connection& c) { c.reply(200, "x"); });
  Site site;
  const std::string foreign = "http://localhost:" + std::to_string(other.port()) + "/cdn.js";
  site.pages["/"] = {"<html><script src=" + foreign + "></script><a href=" + foreign + ">x</a>"};
  site.pages["/.env"] = {"", 302, {"Location: " + foreign}};
  const SiteScan scan = site.scan();
  CHECK(other.count() == 0);
  REQUIRE(scan.coverage.skipped.size() == 1);
  CHECK(scan.coverage.skipped[0].reason == "foreign-host");
  CHECK(scan.coverage.complete());
  // Unless they are named as ours.
  CHECK(site.scan([&](SiteOptions& o) { o.allow_hosts = {"localhost:" + std::to_string(other.port())}; })
            .coverage.skipped.empty());
  CHECK(other.count() >= 1);
}

TEST_CASE("another port of the host is another's, and a probe that is led to another file proves nothing") {
  TestServer other([](const Received&, Connection& c) { c.reply(200, "x"); });
  Site site;
  site.pages["/"] = {"<html><script src=" + other.url("/x.js") + "></script>"};
  site.pages["/.env"] = {"", 302, {"Location: /sample"}};
  site.pages["/sample"] = {"APP_KEY=base\nDEBUG=true\n"};
  const SiteScan scan = site.scan();
  CHECK(other.count() == 0);
  CHECK(scan.findings.empty());
}

TEST_CASE("source maps are found by a header, and beside the script when nothing names them") {
  Site site;
  const std::string named = token(), unnamed = token();
  const auto map = [](const std::string& secret) {
    return R"({"version":3,"sources":["a.ts"],"sourcesContent":["k=')" + secret + R"('"],"mappings":""})";
  };
  site.pages["/"] = {"<html><script src=/a.js></script><script src=/b.js></script>"};
  site.pages["/a.js"] = {"let a", 200, {"X-SourceMap: /maps/a"}};
  site.pages["/maps/a"] = {map(named)};
  site.pages["/b.js"] = {"let b"};
  site.pages["/b.js.map"] = {map(unnamed)};
  const SiteScan scan = site.scan();
  CHECK(find(scan, named) != nullptr);
  CHECK(find(scan, unnamed) != nullptr);
}

TEST_CASE("what everyone can fetch is no less than high risk, and a file with credentials blocks") {
  Site site;
  site.pages["/"] = {"<html>"};
  const auto severity = [&](const std::string& path, const std::string& body) {
    site.pages.erase("/.env");
    site.pages[path] = {body};
    const SiteScan scan = site.scan();
    for (const Finding& f : scan.findings)
      if (f.rule.starts_with("exposed-") && f.where.url.ends_with(path)) return f.severity;
    FAIL("not found: ", path);
    return Severity::can_wait;
  };
  for (const char* harmless : {"APP_NAME=shop\n", "API_KEY=changeme\n", "# note\nDB_PASSWORD=\nDB_HOST=db\n"})
    CHECK_MESSAGE(severity("/.env", harmless) >= Severity::high_risk, harmless);
  CHECK(severity("/.npmrc", "//registry.example/:_authToken=x\n") == Severity::launch_blocker);
  CHECK(severity("/docker-compose.yml", "services:\n  web:\n") == Severity::high_risk);
  CHECK(severity("/.git/HEAD", std::string(40, 'a') + "\n") == Severity::launch_blocker);
}

TEST_CASE("one lost answer is asked for again; two, a limit on us and a page that cannot be read are undecided") {
  const std::string secret = token();
  int losses = 0;
  Site site;
  site.pages["/"] = {"<html><script src=/a.js></script>"};
  site.other = [&](const Received& r) {
    if (r.path != "/a.js") return Page{"", 404, {}};
    return --losses >= 0 ? Page{"", 503, {}} : Page{"k='" + secret + "'"};
  };
  losses = 1;
  const SiteScan once = site.scan();
  CHECK(find(once, secret) != nullptr);
  CHECK(once.coverage.complete());
  losses = 2;
  CHECK_FALSE(site.scan().coverage.complete());
  site.pages["/a.js"] = {"", 429, {}};
  CHECK_FALSE(site.scan().coverage.complete());

  std::string deep = "<html>";
  for (int i = 0; i < 1500; ++i) deep += "<div>";
  site.pages = {{"/", {deep + "<script src=/a.js></script>"}}};
  CHECK_FALSE(site.scan().coverage.complete());
}

TEST_CASE("a site that is down, or goes down, is undecided") {
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  SiteOptions options;
  options.url = "http://127.0.0.1:" + std::to_string(tests::closed_port()) + "/";
  auto down = scan_site(options, token_matcher(), *http);
  REQUIRE(down);
  CHECK_FALSE(down->coverage.complete());

  Site site;
  site.pages["/"] = {"<html><script src=a.js></script>"};
  site.pages["/a.js"] = {"", 503, {}};
  CHECK_FALSE(site.scan().coverage.complete());
  site.pages["/a.js"] = {"", 404, {}};
  CHECK(site.scan().coverage.complete());
  site.pages["/"].status = 500;
  CHECK_FALSE(site.scan().coverage.complete());
}

TEST_CASE("requests, bytes and bodies are bounded, and what that leaves out is undecided") {
  Site site;
  const std::string secret = token();
  site.pages["/"] = {"<html><script src=/s/0.js></script>"};
  site.other = [](const Received& r) {  // every script names two more
    if (!r.path.starts_with("/s/")) return Page{"", 404, {}};
    const std::string n = r.path.substr(3, r.path.size() - 6);
    return Page{"'/s/" + n + "0.js','/s/" + n + "1.js'"};
  };
  const SiteScan many = site.scan([](SiteOptions& o) { o.max_requests = 100; });
  CHECK(site.server.count() <= 110);  // and the controls
  CHECK_FALSE(many.coverage.complete());

  const SiteScan heavy = site.scan([](SiteOptions& o) { o.max_bytes = 100; });
  CHECK_FALSE(heavy.coverage.complete());
  CHECK(heavy.coverage.skipped.at(0).reason == "byte-limit");

  Site big;
  big.pages["/"] = {"<html>" + secret + std::string(200'000, 'x')};
  const SiteScan cut = big.scan([](SiteOptions& o) { o.max_body = 50'000; });
  CHECK(find(cut, secret) == nullptr);  // the start page itself is not whole: nothing is concluded
  CHECK_FALSE(cut.coverage.complete());
}

TEST_CASE("what is no URL is a usage error that shows no password") {
  net::SystemClock clock;
  auto http = net::make_curl_http(clock);
  for (const std::string url : {"", "ftp://x/", "example.com", "https://user:hunter22@example.com/"}) {
    SiteOptions options;
    options.url = url;
    auto scanned = scan_site(options, token_matcher(), *http);
    REQUIRE_FALSE(scanned);
    CHECK(scanned.error().code == ErrorCode::usage);
    CHECK(scanned.error().what.find("hunter22") == std::string::npos);
  }
}

TEST_CASE("script names, as bundlers leave them") {
  const auto names = [](std::string_view text) { return script_names(text, 100).names; };
  CHECK(names(R"(import("./a-1b.js"),t('/x/y.mjs?v=1'),`c.js`)") == Names{"./a-1b.js", "/x/y.mjs?v=1", "c.js"});
  CHECK(names(R"(["static/chunks/pages/[id]-9.js","a.js","a.js"])") == Names{"static/chunks/pages/[id]-9.js", "a.js"});
  CHECK(names(R"(push([1,"x:I[\"a/b.js\",2]"]))") == Names{"a/b.js"});  // JSON within a script
  CHECK(names(R"(a.js b "c.json" 'd.jsx' "e f.js")").empty());
  CHECK(names("\"" + std::string(5000, 'a') + ".js\"").empty());
  CHECK(script_names(R"(e+".chunk.js")", 9).computed);
  CHECK(script_names(R"("1.js","2.js","3.js")", 2).names.size() == 2);
}

TEST_CASE("source maps: references, sections, guards, and what is none") {
  CHECK(source_map_reference("x\n//# sourceMappingURL=a.js.map\n") == "a.js.map");
  CHECK(source_map_reference("x\n//@ sourceMappingURL=a.js.map") == "a.js.map");
  CHECK(source_map_reference("/*# sourceMappingURL=b.map*/") == "b.map");
  CHECK(source_map_reference("s='sourceMappingURL=no'").empty());
  CHECK(source_map_reference("sourceMappingURL=").empty());
  CHECK(source_path("webpack://app/./src/config.ts?1a2b") == "src/config.ts");
  CHECK(source_path("../../src/a.ts") == "src/a.ts");
  CHECK(source_path("webpack:///x") == "x");
  CHECK(source_path("").empty());

  const SourceMap map = read_source_map(
      ")]}'\n"
      R"({"version":3,"sections":[{"offset":{"line":0},"map":{"sources":["a"],"sourcesContent":["A"],"mappings":""}},)"
      R"({"map":{"sourcesContent":["B","C"],"names":["sources"],"sources":["b"],"mappings":""}}]})");
  CHECK(map.ok);
  REQUIRE(map.sources.size() == 3);
  CHECK(map.sources[0].name == "a");
  CHECK(map.sources[1].text == "B");
  CHECK(map.sources[2].name.empty());
  for (const std::string_view none : {"", "{}", "[1]", "{\"sources\":[\"a\"]", "nonsense"}) {
    CAPTURE(none);
    CHECK_FALSE(read_source_map(none).ok);
  }
  CHECK_FALSE(read_source_map(std::string(200'000, '[')).ok);
}

TEST_CASE("dotenv files are told from what else a server may send") {
  const auto judge = [](std::string_view body) { return probes()[0].judge(".env", body).has_value(); };
  CHECK(judge("APP_KEY=base\nDEBUG=true\n"));
  CHECK(judge("\xEF\xBB\xBF# c\nexport A_KEY='x'\r\n"));
  CHECK_FALSE(judge("<html>A=b</html>"));
  CHECK_FALSE(judge("{\"A\":\"b\"}"));
  CHECK_FALSE(judge("not found"));
  CHECK_FALSE(judge("error=true\nmessage=nothing here\n"));
  CHECK_FALSE(judge("Sorry.\nWe looked everywhere.\nA=b\nPlease try again.\n"));
  CHECK_FALSE(judge("#A=b\n"));
}

TEST_CASE("pages beyond the limit are counted, each once") {
  Site site;
  std::string links;
  for (int i = 0; i < 9; ++i)
    links += "<a href=/p" + std::to_string(i) + ">x</a><a href=/p" + std::to_string(i) + ">y</a>";
  site.pages["/"] = {"<html>" + links};
  for (int i = 0; i < 9; ++i) site.pages["/p" + std::to_string(i)] = {"<html>" + links};
  const SiteScan scan = site.scan([](SiteOptions& o) { o.max_pages = 4; });
  std::uint64_t left_out = 0;
  for (const Skipped& s : scan.coverage.skipped)
    if (s.reason == "page-limit") left_out = s.count;
  CHECK(left_out == 6);  // ten pages, four of them looked at
  CHECK(site.scan().coverage.skipped.empty());
}
