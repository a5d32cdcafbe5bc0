#include "libscan/engine/run_identity.hpp"

#include <charconv>

#include "libscan/net/crypto.hpp"

namespace launchgate::engine {
namespace {

std::string value(const Variables& variables, std::string_view name) { return variables(name).value_or(""); }

template <class Number>
Number number(const std::string& text, Number otherwise) {
  Number n = otherwise;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), n);
  return error == std::errc() && end == text.data() + text.size() ? n : otherwise;
}

}  // namespace

gate::Run identify_run(std::string env, std::string release, const Variables& variables, net::Clock& clock) {
  gate::Run run;
  run.env = env.empty() ? "default" : std::move(env);
  run.release = std::move(release);
  run.unix_ms = clock.unix_ms();
  const auto commit = [&](std::string_view name) {
    if (run.release.empty()) run.release = value(variables, name);
  };
  if (run.id = value(variables, "GITHUB_RUN_ID"); !run.id.empty()) {
    run.number = number<std::uint64_t>(value(variables, "GITHUB_RUN_NUMBER"), 0);
    run.attempt = number<std::uint32_t>(value(variables, "GITHUB_RUN_ATTEMPT"), 1);
    commit("GITHUB_SHA");
  } else if (run.id = value(variables, "CI_PIPELINE_ID"); !run.id.empty()) {
    // A job that is retried keeps its pipeline and gets a new id; pipelines of a project are numbered by IID.
    run.id += "." + value(variables, "CI_JOB_ID");
    run.number = number<std::uint64_t>(value(variables, "CI_PIPELINE_IID"), 0);
    commit("CI_COMMIT_SHA");
  } else {
    run.id = "manual-" + net::random_hex(8);
  }
  return run;
}

std::string run_link(const Variables& variables) {
  const std::string server = value(variables, "GITHUB_SERVER_URL"), id = value(variables, "GITHUB_RUN_ID");
  if (!server.empty() && !id.empty())
    return server + "/" + value(variables, "GITHUB_REPOSITORY") + "/actions/runs/" + id;
  return value(variables, "CI_JOB_URL");
}

}  // namespace launchgate::engine
