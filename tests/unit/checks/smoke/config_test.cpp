#include "libscan/checks/smoke/config.hpp"

#include <doctest/doctest.h>

#include <map>
#include <string>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/keys.hpp"
#include "libscan/config/settings.hpp"

using namespace launchgate;
using namespace launchgate::checks;
using namespace launchgate::checks::smoke;

namespace {

// The example of the documentation, whole.
constexpr std::string_view kExample = R"(base    = "https://staging.example.com"
release = { get = "/healthz", json = "/git_sha", equals = "$GITHUB_SHA", wait = "3m" }
gate    = { consecutive = 2, spacing = "15s", deadline = "5m" }

[check.login-page]
get    = "/login"
expect = { status = 200, form = "#login" }
budget = { p95 = "800ms", samples = 20 }

[check.api]
get    = "/api/health"
expect = { status = 200, json."/status" = "ok" }

[check.auth]
login   = { page = "/login", user = "$SMOKE_USER", password = "$SMOKE_PASSWORD" }
expect  = { cookie = "session", not_form = "#login" }
success = { rate = 0.95, runs = 10, pace = "1s" }

[check.dashboard]
use    = "auth"
get    = "/dashboard"
expect = { status = 200, text = "Sign out", anonymous = "denied" }
budget = { max = "2s" }
)";

const std::map<std::string, std::string, std::less<>> kEnv = {{"GITHUB_SHA", "0123456789abcdef"},
                                                              {"SMOKE_USER", "smoke@example.com"},
                                                              {"SMOKE_PASSWORD", "pass" + std::string("-w0rd-7788")},
                                                              {"SHORT", "abc"},
                                                              {"TWO_LINES", "a\nbcdefgh"},
                                                              {"URL", "https://x.example"}};

ConfigRequest request() {
  ConfigRequest r;
  r.env = [](std::string_view name) {
    const auto it = kEnv.find(name);
    return it == kEnv.end() ? std::nullopt : std::optional(it->second);
  };
  return r;
}

Config good(std::string_view text, const ConfigRequest& r = request()) {
  auto config = read_config(text, "launchgate.toml", r);
  if (!config) FAIL(config.error().what);
  return std::move(*config);
}

std::string wrong(std::string_view text, const ConfigRequest& r = request()) {
  auto config = read_config(text, "launchgate.toml", r);
  if (config) return "accepted";
  CHECK(config.error().code == ErrorCode::config);
  return config.error().what + " | " + config.error().hint;
}

constexpr std::string_view kBase = "base = \"https://s.example\"\n";
std::string with(std::string_view check) { return std::string(kBase) + "[check.a]\n" + std::string(check); }

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the documented example reads as it is meant") {
  const Config c = good(kExample);
  CHECK(c.base == "https://staging.example.com");
  REQUIRE(c.release);
  CHECK(c.release->equals == "0123456789abcdef");
  CHECK(c.release->wait_ms == 180'000);
  CHECK(c.gate.spacing_ms == 15'000);
  REQUIRE(c.checks.size() == 4);
  std::string kinds;
  for (const CheckSpec& s : c.checks) kinds += std::string(s.id) + "=" + std::string(s.kind->id) + " ";
  CHECK(kinds == "login-page=page-load api=api-health auth=login dashboard=session ");
  CHECK(c.checks[0].budget.p95_ms == 800);
  CHECK(c.checks[1].steps.at(0).expect.json.at(0).pointer == "/status");
  CHECK(c.checks[2].login->password == kEnv.at("SMOKE_PASSWORD"));
  CHECK(c.checks[2].success.runs == 10);
  CHECK(c.checks[3].steps.at(0).expect.anonymous_denied);
  CHECK(c.checks[3].place.line == 18 + 1);
  CHECK(c.secrets.leaks("x" + kEnv.at("SMOKE_PASSWORD")));
  CHECK_FALSE(c.secrets.leaks("0123456789abcdef smoke@example.com"));
  CHECK(c.sha256.size() == 64);
}

TEST_CASE("--release and --env win over the file") {
  ConfigRequest r = request();
  r.release = "v2";
  r.env = [](std::string_view name) { return name == "GITHUB_SHA" ? std::nullopt : request().env(name); };
  CHECK(good(kExample, r).release->equals == "v2");
  CHECK(has(wrong(kExample,
                  [&] {
                    auto q = r;
                    q.release.clear();
                    return q;
                  }()),
            "the environment has no $GITHUB_SHA | set GITHUB_SHA before running launchgate, or give --release SHA"));
  const std::string two = std::string(kBase) + "[env.prod]\nbase = \"https://p.example\"\n[check.a]\nget = \"/\"\n";
  r = request();
  CHECK(good(two, r).base == "https://s.example");
  r.environment = "prod";
  CHECK(good(two, r).base == "https://p.example");
  r.environment = "prd";
  CHECK(has(wrong(two, r), "there is no [env.prd]"));
}

TEST_CASE("every mistake names its place and what to write instead") {
  CHECK(has(wrong(with("gett = \"/\"")), "launchgate.toml:3:1: check.a.gett: unknown key | did you mean 'get'?"));
  CHECK(has(wrong(with("get = \"/\"\nexpect = { stauts = 200 }")),
            "check.a.expect.stauts: unknown key | did you mean 'status'?"));
  CHECK(has(wrong("bas = \"https://x\"\n[check.a]\nget = \"/\""),
            "launchgate.toml:1:1: bas: unknown key | did you mean 'base'?"));
  CHECK(has(wrong(with("get = \"/\"\nexpect = { form = \"a > b\" }")), "selector"));
  CHECK(has(wrong(with("get = \"/\"\nbudget = { max = \"2\" }")), "duration"));
  CHECK(has(wrong(with("get = \"/\"\npost = \"/\"")), "one method"));
  CHECK(has(wrong(with("get = \"/\"\nsuccess = { runs = 3 }")), "means nothing in a check of kind api-health"));
  CHECK(has(wrong(with("get = \"/\"\nuse = \"b\"")), "no check with a login"));
  CHECK(has(wrong(with("title = \"x\"")), "asks for nothing"));
  CHECK(has(wrong(with("get = \"/{{id}}\"")), "{{id}}"));
  CHECK(has(wrong(with("get = \"https://other.example/\"")), "neither base nor in allow_hosts"));
  CHECK(has(wrong(with("get = \"/\"\nbudget = { p95 = \"1s\", samples = 5 }")), "fewer than 20"));
  CHECK(has(wrong(with("get = \"/\"\nexpect = { json.\"/a\" = { below = \"x\" } }")), "number"));
  CHECK(has(wrong(with("get = \"/\"\nexpect = { json.\"/a\" = { blow = 1 } }")), "unknown condition"));
  CHECK(has(wrong(kBase), "there are no checks"));
  CHECK(has(wrong("[check.a]\nget = \"/\""), "base is missing"));
  CHECK(has(wrong("base = \"ftp://x\"\n[check.a]\nget = \"/\""), "http(s) URL"));
  CHECK(has(wrong("base = \"https://u:p@x.example\"\n[check.a]\nget = \"/\""), "http(s) URL"));
  CHECK(has(wrong("base = \""), "launchgate.toml:1"));
}

TEST_CASE("an expectation that holds of every answer is a mistake, and so is a name that means something else") {
  for (const char* empty :
       {"text = \"\"", "text = []", "text = [\"a\", \"\"]", "not_text = \"\"", "cookie = \"\"", "status = []"})
    CHECK_MESSAGE(
        has(wrong(with(std::string("get = \"/\"\nexpect = { ") + empty + " }")), "is empty: that tells nothing"),
        empty);
  CHECK(has(wrong(with("get = \"/\"\nexpect = { json.\"/a\" = { type = \"int\" } }")), "must be one of \"null\""));
  const std::string release = "release = { get = \"/v\", equals = \"v2\" }\n", check = "[check.release]\nget = \"/\"\n";
  CHECK(has(wrong(std::string(kBase) + release + check), "launchgate.toml:3:8: check.release: is what the check"));
  CHECK(good(std::string(kBase) + check).checks.size() == 1);
  CHECK(has(wrong(std::string(kBase) + "[check.\"(verdict)\"]\nget = \"/\"\n"), "is no name of a check"));
  CHECK(has(wrong(std::string(kBase) + "[check.\"\"]\nget = \"/\"\n"), "is no name of a check"));
}

TEST_CASE("credentials are sent to no host and no port that is not named") {
  for (const char* key : {"page", "post", "proof", "logout"}) {
    const std::string page = std::string(key) == "page" ? "" : "page = \"/l\", ";
    const std::string login = "login = { " + page + "user = \"u\", password = \"$SMOKE_PASSWORD\", " + key + " = ";
    CHECK_MESSAGE(has(wrong(with(login + "\"https://other.example/l\" }")), "neither base nor in allow_hosts"), key);
    CHECK_MESSAGE(has(wrong(with(login + "\"https://s.example:8443/l\" }")), "neither base nor in allow_hosts"), key);
    CHECK_MESSAGE(good(with(login + "\"https://s.example/l\" }")).checks.size() == 1, key);
  }
  CHECK(has(wrong(with("get = \"http://s.example/\"")), "neither base nor in allow_hosts"));
}

TEST_CASE("the body of a JSON login is a table: codes and tokens are added to it") {
  const std::string start = "login = { post = \"/l\", user = \"u\", password = \"$SMOKE_PASSWORD\", json = ";
  CHECK(has(wrong(with(start + "\"text\" }")), "check.a.login.json: must be a table, not a string"));
  CHECK(has(wrong(with(start + "[\"a\"] }")), "check.a.login.json: must be a table, not an array"));
  CHECK(good(with(start + "{ name = \"u\", pin = \"$SMOKE_PASSWORD\" } }")).checks.size() == 1);
}

TEST_CASE("both readers of the file know the same tables") {
  const std::string scan = "[scan]\nthreads = 2\n[[ignore]]\nrule = \"x\"\nreason = \"a test\"\n";
  const std::string whole = "title = \"ours\"\n" + std::string(kExample) + scan;
  CHECK(good(whole).checks.size() == 4);
  CHECK(config::read_settings(whole, "launchgate.toml", root_key_names()));
  // What the one refuses the other refuses too: no table is passed over by both.
  for (const std::string_view key : {"allowlist", "paths", "alerts", "state", "suppress", "gibberish"}) {
    const std::string strange = std::string(key) + " = {}\n" + std::string(kExample);
    CHECK(has(wrong(strange), "unknown key"));
    CHECK_FALSE(config::read_settings(strange, "launchgate.toml", root_key_names()));
  }
}

TEST_CASE("secrets come from the environment only, whole, and are guarded") {
  CHECK(has(wrong(with("login = { page = \"/l\", user = \"u\", password = \"hunter22\" }")),
            "must not stand in the file"));
  CHECK(has(wrong(with("get = \"/\"\nbearer = \"abcdefgh\"")), "must not stand in the file"));
  CHECK(
      has(wrong(with("get = \"/\"\nheaders = { Authorization = \"Bearer abcdefgh\" }")), "must not stand in the file"));
  CHECK(has(wrong(with("post = \"/\"\njson = { a = { password = \"hunter22\" } }")), "must not stand in the file"));
  CHECK(has(wrong(with("post = \"/\"\nform = { api_key = \"hunter22\" }")), "must not stand in the file"));
  CHECK(has(wrong(with("get = \"/\"\nheaders = { X-A = \"Bearer $SMOKE_PASSWORD\" }")), "must be the whole value"));
  CHECK(has(wrong(with("get = \"/\"\nbearer = \"$NOT_THERE\"")), "the environment has no $NOT_THERE"));
  CHECK(has(wrong(with("get = \"/\"\nbearer = \"$SHORT\"")), "shorter than"));
  CHECK(has(wrong(with("get = \"/\"\nbearer = \"$TWO_LINES\"")), "line end"));
  const Config c = good(with("get = \"/\"\nheaders = { X-A = \"$SMOKE_PASSWORD\" }"));
  CHECK(c.secrets.leaks(kEnv.at("SMOKE_PASSWORD")));
  const Config user = good(with("post = \"/\"\njson = { email = \"$SMOKE_USER\", pin = \"$SMOKE_PASSWORD\" }"));
  CHECK_FALSE(user.secrets.leaks(kEnv.at("SMOKE_USER")));
  CHECK(user.secrets.leaks(kEnv.at("SMOKE_PASSWORD")));
  // A value that also stands in the file cannot be told from the file's own words.
  const std::string copy = with("get = \"/\"\nbearer = \"$SMOKE_PASSWORD\"\n# " + kEnv.at("SMOKE_PASSWORD"));
  CHECK(has(wrong(copy), "also stands in this file"));
  CHECK_FALSE(has(wrong(copy), kEnv.at("SMOKE_PASSWORD")));
}

TEST_CASE("every documented key exists, says what it does, and is in no table twice") {
  std::map<std::string, int> seen;
  for (const DocumentedKey& k : documented_keys()) {
    CHECK_MESSAGE(k.help.size() > 5, k.name);
    CHECK_MESSAGE(!k.example.empty(), k.name);
    CHECK_MESSAGE(++seen[k.table + "." + std::string(k.name)] == 1, k.name);
  }
  CHECK(seen.size() > 80);
}

TEST_CASE("the examples of the keys are themselves right") {
  for (const DocumentedKey& k : documented_keys()) {
    if (k.table != "check.*.expect" && k.table != "check.*.budget" && k.table != "gate") continue;
    const std::string key = std::string(k.name) + " = " + std::string(k.example);
    const std::string text = k.table == "gate" ? "gate = { " + key + " }\n" + with("get = \"/\"")
                             : k.table == "check.*.expect"
                                 ? with("get = \"/\"\nexpect = { " + key + " }")
                                 : with("get = \"/\"\nbudget = { max = \"1s\", " + key + " }");
    if (k.name == "max") continue;
    CHECK_MESSAGE(read_config(text, "f", request()).has_value(), key);
  }
}

TEST_CASE("a plan is shown without secrets and without an environment") {
  ConfigRequest r;
  const Config c = good(kExample, r);
  const std::string plan = explain(c);
  CHECK(has(plan, "$GITHUB_SHA"));
  CHECK(has(plan, "expects a status below 400, no form #login, cookie session"));
  CHECK(has(plan, "sign in 10 times by the form of https://staging.example.com/login"));
  CHECK(has(plan, "p95 of 20 samples at most 800 ms"));
  CHECK_FALSE(has(explain(good(kExample)), kEnv.at("SMOKE_PASSWORD")));
}

TEST_CASE("what the file says of a host is found by the host, without the checks and their variables") {
  const std::string file = R"(base = "https://staging.example.com"
proxy = "http://proxy.example:3128"
[check.auth]
login = { page = "/login", user = "$NOBODY", password = "$NOBODY" }
[env.production]
base = "https://www.example.com"
allow_hosts = ["cdn.example.com"]
)";
  const auto reach = [](const std::string& toml, std::string_view url, const std::string& environment = "") {
    return read_reach(toml, "launchgate.toml", {environment, "", request().env}, url);
  };
  const auto staging = reach(file, "https://staging.example.com/x");
  REQUIRE_MESSAGE(staging, staging.error().what);
  CHECK(staging->ours);
  CHECK(staging->config.connection.proxy == "http://proxy.example:3128");
  CHECK(staging->config.allow_hosts.empty());
  for (const char* url : {"https://www.example.com/", "http://www.example.com/", "https://cdn.example.com/app.js"}) {
    const auto production = reach(file, url);
    REQUIRE(production);
    CHECK(production->ours);
    CHECK(production->config.environment == "production");
    CHECK(production->config.allow_hosts == std::vector<std::string>{"cdn.example.com"});
  }
  CHECK_FALSE(reach(file, "https://elsewhere.example/")->ours);
  CHECK_FALSE(reach(file, "https://staging.example.com:8443/")->ours);
  CHECK_FALSE(reach(file, "https://staging.example.com/", "production")->ours);  // it was asked for by name
  CHECK(reach("proxy = \"\"\n", "https://elsewhere.example/")->ours);
  CHECK_FALSE(reach("proxies = \"\"\n", "https://elsewhere.example/"));
  CHECK(has(reach(file, "https://www.example.com/", "prod").error().what, "there is no [env.prod]"));
}
