#include "libscan/checks/smoke/discover.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "libscan/checks/smoke/login_form.hpp"
#include "libscan/checks/smoke/run.hpp"
#include "libscan/core/text.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

// Where frameworks put them by default, the more telling first.
constexpr std::array<std::string_view, 9> kHealth{"/healthz",         "/health", "/api/health", "/readyz", "/livez",
                                                  "/actuator/health", "/up",     "/ping",       "/status"};
constexpr std::array<std::string_view, 11> kLogins{
    "/login",      "/signin",      "/sign-in",         "/users/sign_in", "/accounts/login/", "/user/login",
    "/auth/login", "/auth/signin", "/api/auth/signin", "/admin/login/",  "/wp-login.php"};
constexpr std::array<std::string_view, 5> kLoginWords{"login", "signin", "sign-in", "sign_in", "log-in"};
constexpr std::array<std::string_view, 6> kReleaseKeys{"/git_sha",  "/commit",  "/sha",
                                                       "/revision", "/release", "/version"};
constexpr std::size_t kMaxLinks = 6;

// A TOML basic string of foreign text.
std::string quoted(std::string_view text) { return json_string(printable(text)); }

class Explorer {
 public:
  Explorer(net::Url site, net::Services services) : site_(std::move(site)), http_(services.http) {
    base_ = site_.origin() + (site_.path == "/" ? "" : site_.path);
    while (base_.ends_with('/')) base_.pop_back();
  }

  Result<Discovery> go() {
    const net::Response home = get("/");
    if (!home.ok())
      return fail(ErrorCode::undecided, fmt::format("{} does not answer: {}", base_, printable(home.error)),
                  "is the URL right, and the site up?");
    const net::Response nothing = get("/launchgate-" + net::random_hex(8));
    if (nothing.ok() && nothing.status == 200) soft_404_ = nothing.body;
    Discovery out;
    out.toml = fmt::format("base    = {}\n", quoted(base_));
    const std::string health = find_health(out);
    out.toml += "gate    = { consecutive = 2, spacing = \"15s\", deadline = \"5m\" }\n";
    const bool login = find_login(home, out);
    out.toml += health;
    if (login) add_login(out);
    return out;
  }

 private:
  net::Response get(std::string_view target) {
    net::Request r;
    r.url = base_ + std::string(target);
    r.max_body = std::size_t{2} << 20;
    return http_.send(r);
  }

  bool real(const net::Response& r) const {
    return r.ok() && r.status == 200 && !r.body.empty() && (!soft_404_ || r.body != *soft_404_);
  }

  std::string find_health(Discovery& out) {
    for (const std::string_view path : kHealth) {
      const net::Response r = get(path);
      const bool page = r.body.find("<html") != std::string::npos || r.body.find("<!") == 0;
      if (!real(r) || page || r.body.size() > 64'000) continue;
      out.found.push_back(fmt::format("health endpoint {}", path));
      std::string check =
          fmt::format("\n[check.api]                              # API health\nget    = \"{}\"\n", path);
      const auto status = json_scalar(r.body, "/status");
      check += status && status->size() < 40
                   ? fmt::format("expect = {{ status = 200, json.\"/status\" = {} }}\n", quoted(*status))
                   : "expect = { status = 200 }\n";
      find_release(r, path, out);
      return check;
    }
    out.found.push_back("no health endpoint at the usual places");
    return "\n# [check.api]                            # no health endpoint was found: name yours\n"
           "# get    = \"/healthz\"\n# expect = { status = 200, json.\"/status\" = \"ok\" }\n";
  }

  void find_release(const net::Response& r, std::string_view path, Discovery& out) {
    for (const std::string_view pointer : kReleaseKeys) {
      const auto value = json_scalar(r.body, pointer);
      if (!value || value->empty()) continue;
      out.found.push_back(fmt::format("the release at {} of {}", pointer, path));
      const std::string_view variable = pointer == "/version" || pointer == "/release" ? "$RELEASE" : "$GITHUB_SHA";
      out.toml += fmt::format("release = {{ get = \"{}\", json = \"{}\", equals = \"{}\", wait = \"3m\" }}\n", path,
                              pointer, variable);
      return;
    }
    out.toml += "# release = { get = \"/healthz\", json = \"/git_sha\", equals = \"$GITHUB_SHA\", wait = \"3m\" }\n";
  }

  // Links that say login, then the usual places.
  std::vector<std::string> login_candidates(const net::Response& home) const {
    std::vector<std::string> out;
    const auto page = Document::parse(home.body);
    const auto here = net::parse_url(home.url);
    for (const std::string& link : page&& here ? page->links() : std::vector<std::string>{}) {
      const auto url = net::resolve(*here, link);
      if (!url || url->origin() != site_.origin() || out.size() >= kMaxLinks) continue;
      const std::string path = net::lower(url->path);
      const std::string full = url->origin() + url->path;
      const bool says = std::any_of(kLoginWords.begin(), kLoginWords.end(),
                                    [&](std::string_view w) { return path.find(w) != std::string::npos; });
      if (!says || !full.starts_with(base_)) continue;
      std::string target = full.substr(base_.size());
      if (std::find(out.begin(), out.end(), target) == out.end()) out.push_back(std::move(target));
    }
    out.insert(out.end(), kLogins.begin(), kLogins.end());
    return out;
  }

  bool find_login(const net::Response& home, Discovery& out) {
    const auto form_of = [](const net::Response& r) -> std::optional<LoginForm> {
      const auto page = Document::parse(r.body);
      auto form = page ? find_login_form(*page, Login{}) : std::nullopt;
      return form && !form->password_field.empty() ? form : std::nullopt;
    };
    login_path_ = "/";
    form_ = form_of(home);
    for (const std::string& candidate : form_ ? std::vector<std::string>{} : login_candidates(home)) {
      const net::Response r = get(candidate);
      if (!r.ok() || r.status != 200 || !(form_ = form_of(r))) continue;
      login_path_ = candidate;
      break;
    }
    if (!form_) {
      out.found.push_back(
          "no login form in the HTML of the usual pages (a form made by scripts is configured by hand)");
      out.toml +=
          "\n# [check.auth]                           # no login form was found; for a JSON login:\n"
          "# login   = { post = \"/api/login\", json = { email = \"$SMOKE_USER\", password = \"$SMOKE_PASSWORD\" }, "
          "token = \"/access_token\" }\n";
      return false;
    }
    const std::string user = form_->user_field.empty() ? "no user" : "user " + printable(form_->user_field);
    out.found.push_back(fmt::format("login form at {} ({}, password {})", printable(login_path_), user,
                                    printable(form_->password_field)));
    out.toml += fmt::format(
        "\n[check.login-page]                       # login page load time\nget    = {}\nexpect = {{ status = 200, "
        "form = {} }}\n"
        "budget = {{ p95 = \"800ms\", samples = 20 }}\n",
        quoted(login_path_), quoted(selector()));
    return true;
  }

  std::string selector() const {
    if (!form_->form.id.empty() && parse_selector("#" + form_->form.id)) return "#" + form_->form.id;
    const std::string by_name = "[name='" + form_->password_field + "']";
    return parse_selector(by_name) ? by_name : "form";
  }

  void add_login(Discovery& out) const {
    out.toml += fmt::format(
        "\n[check.auth]                             # auth flow success rate\n"
        "login   = {{ page = {}, user = \"$SMOKE_USER\", password = \"$SMOKE_PASSWORD\" }}\n"
        "expect  = {{ not_form = {} }}\nsuccess = {{ rate = 0.95, runs = 10, pace = \"1s\" }}\n"
        "\n# [check.dashboard]                      # one authenticated request: name a page only signed-in people "
        "get\n"
        "# use    = \"auth\"\n# get    = \"/dashboard\"\n"
        "# expect = {{ status = 200, text = \"Sign out\", anonymous = \"denied\" }}\n# budget = {{ max = \"2s\" }}\n",
        quoted(login_path_), quoted(selector()));
  }

  net::Url site_;
  net::Http& http_;
  std::string base_;
  std::optional<std::string> soft_404_;
  std::string login_path_;
  std::optional<LoginForm> form_;
};

}  // namespace

Result<Discovery> discover(std::string_view url, net::Services services) {
  const auto site = net::parse_url(url);
  if (!site)
    return fail(ErrorCode::usage, "'" + printable(url.substr(0, 100)) + "' is no http(s) URL",
                "e.g. https://staging.example.com");
  return Explorer(*site, services).go();
}

}  // namespace launchgate::checks::smoke
