#include "libscan/checks/smoke/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/keys.hpp"
#include "libscan/checks/smoke/template.hpp"
#include "libscan/config/settings.hpp"
#include "libscan/core/sha256.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::smoke {
namespace {

struct Root {
  Config config;
  ReadContext context;
  std::vector<Field> checks;
  std::optional<Field> environments;
  std::optional<Field> release;
};

std::string read_base(const Field& f) {
  std::string base = f.text();
  if (!f.context().env && is_variable(base)) return base;  // --explain
  const auto url = net::parse_url(base);
  if (!url) {
    f.reject("must be the site's http(s) URL, without user name", "base = \"https://staging.example.com\"");
    return base;
  }
  if (!url->query.empty()) f.reject("must not hold a query");
  base = url->origin() + url->path;
  while (base.ends_with('/')) base.pop_back();
  return base;
}

std::vector<std::string> read_hosts(const Field& f) {
  std::vector<std::string> hosts = f.texts();
  for (const std::string& host : hosts) {
    const auto url = net::parse_url("http://" + host);
    if (!url || url->path != "/" || !url->query.empty() || host.find('$') != std::string::npos)
      f.reject("must name hosts: \"host\" or \"host:port\"");
  }
  return hosts;
}

constexpr std::array kRootKeys{
    Key<Root>{"base", "\"https://staging.example.com\"", "the site",
              [](const Field& f, Root& r) { r.config.base = read_base(f); }},
    Key<Root>{"release", "{ get = \"/healthz\", json = \"/git_sha\", equals = \"$GITHUB_SHA\", wait = \"3m\" }",
              "how to tell that the new release is live", [](const Field& f, Root& r) { r.release.emplace(f); }},
    Key<Root>{"gate", "{ consecutive = 2, spacing = \"15s\", deadline = \"5m\" }", "when a failure blocks",
              [](const Field& f, Root& r) { f.section(gate_keys(), r.config.gate); }},
    Key<Root>{"allow_hosts", "[\"login.example.com\"]", "further hosts of yours that may get requests and secrets",
              [](const Field& f, Root& r) { r.config.allow_hosts = read_hosts(f); }},
    Key<Root>{"controls", "[\"https://example.net/\"]", "URLs that answer when this machine is online",
              [](const Field& f, Root& r) {
                r.config.controls = f.texts();
                for (const std::string& url : r.config.controls)
                  if (!net::parse_url(url)) f.reject("must hold http(s) URLs");
              }},
    Key<Root>{"webdriver", "\"http://127.0.0.1:9515\"", "a running WebDriver; default chromedriver from PATH",
              [](const Field& f, Root& r) {
                r.config.webdriver = f.text();
                const bool later = !f.context().env && is_variable(r.config.webdriver);  // --explain
                if (!later && !net::parse_url(r.config.webdriver)) f.reject("must be a driver's http(s) URL");
              }},
    Key<Root>{"check", "[check.NAME]", "the checks", [](const Field& f, Root& r) { r.checks = f.members(); }},
    Key<Root>{"env", "[env.NAME]", "base, allow_hosts and release of one environment (--env NAME)",
              [](const Field& f, Root& r) { r.environments.emplace(f); }},
};

enum class Part { whole, reach };

bool is_of(Part part, std::string_view key) {
  return part == Part::whole || key == "base" || key == "allow_hosts" || key == "env";
}

void read_root(const Field& file, Root& root, Part part) {
  for (const Field& member : file.members()) {
    const auto own =
        std::find_if(kRootKeys.begin(), kRootKeys.end(), [&](const auto& k) { return k.name == member.key(); });
    const auto& connection = connection_keys();
    const auto shared =
        std::find_if(connection.begin(), connection.end(), [&](const auto& k) { return k.name == member.key(); });
    if (own != kRootKeys.end()) {
      if (is_of(part, own->name)) own->read(member, root);
    } else if (shared != connection.end()) {
      shared->read(member, root.config.connection);
    } else if (const auto others = config::settings_key_names();
               std::find(others.begin(), others.end(), member.key()) == others.end()) {
      std::vector<std::string_view> names(others.begin(), others.end());
      for (const auto& k : kRootKeys) names.push_back(k.name);
      for (const auto& k : connection) names.push_back(k.name);
      member.unknown(member.key(), names);
    }
  }
}

void read_environment(const std::string& name, Root& root) {
  if (name.empty()) return;
  if (!root.environments) return;  // one environment: its name is only a label
  static constexpr std::array kKeys{kRootKeys[0], kRootKeys[1], kRootKeys[3]};
  for (const Field& env : root.environments->members())
    if (env.key() == name) return env.section<Root>(kKeys, root);
  root.environments->reject(fmt::format("there is no [env.{}]", name), "--env names one of the tables here");
}

void read_release(const ConfigRequest& request, Root& root) {
  if (!root.release) return;
  ReleaseSpec spec;
  spec.place = root.release->place();
  // --release replaces what the variable would say, so the variable need not be there.
  EnvLookup env = root.context.env;
  if (!request.release.empty() && env)
    root.context.env = [&env](std::string_view name) { return env(name).value_or("unset"); };
  root.release->section(release_keys(), spec);
  root.context.env = std::move(env);
  if (!request.release.empty()) spec.equals = request.release;
  if (spec.send.target.empty()) root.release->reject("needs get", "the path that tells the running release");
  if (!spec.json.empty() && !spec.header.empty()) root.release->reject("has both json and header", "keep one");
  if (spec.equals.empty())
    root.release->reject("needs equals", "write equals = \"$GITHUB_SHA\", or give --release SHA");
  root.config.release = std::move(spec);
}

// The environments by name, in the order of the file.
std::vector<std::string> environments_of(const config::Table& file) {
  std::vector<std::string> names;
  for (const config::Entry& entry : file)
    if (const auto* table = std::get_if<config::Table>(&entry.value.data); table != nullptr && entry.key == "env")
      for (const config::Entry& environment : *table) names.push_back(environment.key);
  return names;
}

bool names_host(const Config& config, const net::Url& url) {
  const auto base = net::parse_url(config.base);
  return (base && base->authority() == url.authority()) || net::host_in(url, config.allow_hosts);
}

// ---- what fits together ---------------------------------------------------------------------------------------------

const CheckKind& kind_of(const Field& field) {
  const auto table = field.members();
  for (const CheckKind& kind : catalog())
    if (kind.mark.empty() ||
        std::any_of(table.begin(), table.end(), [&](const Field& f) { return f.key() == kind.mark; }))
      return kind;
  return catalog().back();
}

void check_keys_of_kind(const Field& field, const CheckKind& kind) {
  static constexpr std::array<std::string_view, 4> kAlways{"title", "severity", "skip", "cleanup"};
  for (const Field& member : field.members()) {
    const auto& connection = connection_keys();
    const bool known =
        std::find(kAlways.begin(), kAlways.end(), member.key()) != kAlways.end() ||
        std::find(kind.keys.begin(), kind.keys.end(), member.key()) != kind.keys.end() ||
        std::any_of(connection.begin(), connection.end(), [&](const auto& k) { return k.name == member.key(); });
    if (!known)
      member.reject(fmt::format("means nothing in a check of kind {}", kind.id),
                    fmt::format("it knows {}", fmt::join(kind.keys, ", ")));
  }
}

void check_login(const Field& field, const Login& login) {
  const bool form = !login.page.empty(), json = !login.post.empty(), oauth = login.oauth.has_value();
  if (!form && !json && !oauth) return field.reject("login needs page, post or oauth");
  if (oauth && (login.oauth->token_url.empty() || login.oauth->client_secret.empty()))
    field.reject("login.oauth needs token_url, client_id and client_secret");
  if (!oauth && !login.json && (login.user.empty() || login.password.empty()))
    field.reject("login needs user and password");
  if (login.csrf && login.csrf->get.empty() && login.csrf->from_cookie.empty()) field.reject("login.csrf needs get");
}

// Every target leads to a host of ours, every {{name}} was captured before.
void check_step(const Field& field, const Config& config, const Step& step, std::set<std::string>& names) {
  const auto at = [&](std::string what, std::string hint = {}) {
    Field(field.context(), field.value(), step.place, field.name()).reject(std::move(what), std::move(hint));
  };
  if (url_of(config, step.send.target).empty())
    at("requests a host that is neither base nor in allow_hosts", "add it to allow_hosts when it is yours");
  for (const std::string& name : placeholders(step.send))
    if (!names.contains(name)) at(fmt::format("uses {{{{{}}}}}, which no earlier step captures", name));
  for (const Capture& capture : step.capture) names.insert(capture.name);
}

void check_one(const Field& field, const Config& config, CheckSpec& spec) {
  spec.kind = &kind_of(field);
  check_keys_of_kind(field, *spec.kind);
  if (spec.title.empty()) spec.title = spec.kind->title;
  const bool login = spec.kind->mark == "login", browser = spec.kind->mark == "browser";
  if (login) check_login(field, *spec.login);
  if (!login && !browser && spec.steps.empty()) field.reject("asks for nothing", "it needs get, post, steps or login");
  if (browser && url_of(config, spec.browser).empty())
    field.reject("opens a page of a host that is neither base nor in allow_hosts",
                 "add it to allow_hosts if it is yours");
  std::set<std::string> names;
  for (const Step& step : spec.steps) check_step(field, config, step, names);
  for (const Step& step : spec.cleanup) check_step(field, config, step, names);
  if (login)
    for (const std::string* target : {&spec.login->page, &spec.login->post, &spec.login->proof, &spec.login->logout})
      if (!target->empty() && url_of(config, *target).empty())
        field.reject("login leads to a host that is neither base nor in allow_hosts");
  const unsigned samples = spec.budget.samples;
  if (spec.budget.p95_ms > 0 && samples > 0 && samples < 20)
    field.reject("a p95 of fewer than 20 samples is their maximum", "write budget.max, or samples = 20 or more");
}

void read_checks(Root& root) {
  for (const Field& field : root.checks) {
    CheckSpec spec;
    spec.id = field.key();
    spec.place = field.place();
    if (spec.id.empty() || spec.id.starts_with('('))  // "(verdict)" and its like are the ledger's own
      field.reject("is no name of a check", "begin it with a letter");
    if (spec.id == "release" && root.config.release)
      field.reject("is what the check that waits for the release is called", "give this one another name");
    spec.connection = root.config.connection;
    read_check(field, spec);
    if (root.context.failure) return;
    check_one(field, root.config, spec);
    root.config.checks.push_back(std::move(spec));
  }
  for (std::size_t i = 0; i < root.config.checks.size(); ++i) {
    const CheckSpec& spec = root.config.checks[i];
    if (spec.use.empty()) continue;
    const CheckSpec* login = root.config.find(spec.use);
    if (login == nullptr || !login->login)
      root.checks[i].reject("use names no check with a login", "use = \"NAME\" of [check.NAME] with login = …");
  }
}

}  // namespace

const CheckSpec* Config::find(std::string_view id) const noexcept {
  const auto at = std::find_if(checks.begin(), checks.end(), [&](const CheckSpec& c) { return c.id == id; });
  return at == checks.end() ? nullptr : &*at;
}

std::vector<std::string_view> root_key_names() {
  std::vector<std::string_view> names;
  names.reserve(kRootKeys.size() + connection_keys().size());
  for (const auto& k : kRootKeys) names.push_back(k.name);
  for (const auto& k : connection_keys()) names.push_back(k.name);
  return names;
}

std::string url_of(const Config& config, std::string_view target) {
  if (target.starts_with('/') && !target.starts_with("//")) return config.base + std::string(target);
  const auto base = net::parse_url(config.base), url = net::parse_url(target);
  if (!url) return {};
  const bool ours = (base && url->origin() == base->origin()) || net::host_in(*url, config.allow_hosts);
  return ours ? url->str() : "";
}

Result<Config> read_config(std::string_view toml, std::string_view file, const ConfigRequest& request) {
  auto table = config::parse_toml(toml, file);
  if (!table) return Unexpected{table.error()};
  Root root;
  root.config.file = file;
  root.config.environment = request.environment;
  root.config.sha256 = hex(sha256(toml));
  root.context = {std::string(file), request.env, &root.config.secrets, {}};
  const config::Value whole{std::move(*table), {1, 1}};
  const Field top(root.context, whole, {1, 1}, "");
  read_root(top, root, Part::whole);
  read_environment(request.environment, root);
  if (root.config.base.empty()) top.reject("base is missing", "base = \"https://your.site\"");
  read_release(request, root);
  if (!root.context.failure) read_checks(root);
  if (root.config.checks.empty())
    top.reject("there are no checks",
               "name what tells that the site is well, e.g. [check.api] get = \"/healthz\"; docs/smoke.md has a whole "
               "example");
  if (!root.context.failure && root.config.secrets.leaks(toml))
    top.reject("the value of a secret also stands in this file as text",
               "remove it; if it is an ordinary word, choose another value: it could not be kept out of reports");
  if (root.context.failure) return Unexpected{std::move(*root.context.failure)};
  return std::move(root.config);
}

Result<Reach> read_reach(std::string_view toml, std::string_view file, const ConfigRequest& request,
                         std::string_view url) {
  auto table = config::parse_toml(toml, file);
  if (!table) return Unexpected{table.error()};
  const std::vector<std::string> environments = environments_of(*table);
  const config::Value whole{std::move(*table), {1, 1}};
  const auto read = [&](const std::string& environment) -> Result<Config> {
    Root root;
    root.config.file = file;
    root.config.environment = environment;
    root.context = {std::string(file), request.env, &root.config.secrets, {}};
    read_root(Field(root.context, whole, {1, 1}, ""), root, Part::reach);
    read_environment(environment, root);
    if (root.context.failure) return Unexpected{std::move(*root.context.failure)};
    return std::move(root.config);
  };
  auto config = read(request.environment);
  if (!config) return Unexpected{config.error()};
  const auto parsed = net::parse_url(url);
  if (!parsed) return Reach{std::move(*config), false};
  if (names_host(*config, *parsed)) return Reach{std::move(*config), true};
  for (const std::string& name : environments) {
    if (!request.environment.empty()) break;
    if (auto other = read(name); other && names_host(*other, *parsed)) return Reach{std::move(*other), true};
  }
  const bool about_all = config->base.empty() && environments.empty();
  return Reach{std::move(*config), about_all};
}

}  // namespace launchgate::checks::smoke
