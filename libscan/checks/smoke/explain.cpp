// The plan in words: what would be requested, in which order, how often, and what would decide.
#include <fmt/format.h>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/config.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"

namespace launchgate::checks::smoke {
namespace {

std::string target(const Config& config, const std::string& text) {
  const std::string url = url_of(config, text);
  return printable(url.empty() ? text : url);
}

std::string expectations(const Expect& e, std::string_view default_status = "status 2xx") {
  std::vector<std::string> parts;
  if (e.status.empty()) parts.emplace_back(default_status);
  for (const StatusRange& s : e.status)
    parts.push_back(s.from == s.to ? fmt::format("status {}", s.from) : fmt::format("status {}xx", s.from / 100));
  if (e.form) parts.push_back("form " + printable(e.form->text));
  if (e.not_form) parts.push_back("no form " + printable(e.not_form->text));
  for (const std::string& t : e.text) parts.push_back("text '" + printable(t) + "'");
  for (const std::string& t : e.not_text) parts.push_back("no text '" + printable(t) + "'");
  for (const JsonCondition& c : e.json) parts.push_back("JSON " + printable(c.pointer));
  for (const auto& h : e.headers) parts.push_back("header " + printable(h.first));
  if (!e.cookie.empty()) parts.push_back("cookie " + printable(e.cookie));
  if (e.anonymous_denied) parts.emplace_back("a stranger is denied");
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::string explain_login(const Config& config, const CheckSpec& spec) {
  const Login& l = *spec.login;
  std::string how = l.oauth           ? "client credentials at " + target(config, l.oauth->token_url)
                    : !l.post.empty() ? "POST " + target(config, l.post) + " as JSON"
                                      : "the form of " + target(config, l.page);
  const unsigned runs = spec.success.runs > 0 ? spec.success.runs : l.totp.empty() ? 10 : 1;
  std::string out = fmt::format("    sign in {} times by {}, one each {}; {:g} % must succeed\n", runs, how,
                                show_duration(spec.success.pace_ms), spec.success.rate * 100);
  if (!l.proof.empty()) out += "    proof: " + target(config, l.proof) + "\n";
  out += "    expects " + expectations(spec.login_expect, l.proof.empty() ? "a status below 400" : "status 2xx") + "\n";
  if (l.refuse_unknown && !l.oauth) out += "    a user that cannot exist must be refused\n";
  return out;
}

std::string explain_check(const Config& config, const CheckSpec& spec) {
  std::string out = fmt::format("  {}  ({}, {})\n", printable(spec.id), spec.kind->id, to_string(spec.severity));
  if (spec.skip) return out + "    skipped by configuration\n";
  if (spec.login) out += explain_login(config, spec);
  if (!spec.use.empty()) out += "    in a session of " + printable(spec.use) + "\n";
  if (!spec.browser.empty()) out += "    open " + target(config, spec.browser) + " in a browser\n";
  for (const Step& step : spec.steps)
    out += fmt::format("    {} {}: expects {}\n", step.send.method, target(config, step.send.target),
                       expectations(step.expect));
  const Budget& b = spec.budget;
  if (b.max_ms > 0) out += fmt::format("    budget: at most {}\n", show_duration(b.max_ms));
  if (b.p95_ms > 0)
    out += fmt::format("    budget: p95 of {} samples at most {}\n", b.samples > 0 ? b.samples : 20,
                       show_duration(b.p95_ms));
  if (b.median_ms > 0) out += fmt::format("    budget: median at most {}\n", show_duration(b.median_ms));
  for (const Step& step : spec.cleanup)
    out += fmt::format("    at the end {} {}\n", step.send.method, target(config, step.send.target));
  return out;
}

}  // namespace

std::string explain(const Config& config) {
  std::string out = fmt::format("{} against {}", printable(config.file), printable(config.base));
  if (!config.environment.empty()) out += fmt::format(" ({})", printable(config.environment));
  out += "\n";
  if (config.release)
    out += fmt::format("  first wait up to {} until {} says {}\n", show_duration(config.release->wait_ms),
                       target(config, config.release->send.target), printable(config.release->equals));
  for (const CheckSpec& spec : config.checks) out += explain_check(config, spec);
  const GateSpec& g = config.gate;
  return out + fmt::format(
                   "A check that fails is repeated after {}; {} failures in a row block (counted per {}). "
                   "All within {}.\n",
                   show_duration(g.spacing_ms), g.consecutive, g.scope, show_duration(g.deadline_ms));
}

}  // namespace launchgate::checks::smoke
