#include "libscan/gate/promote_check.hpp"

#include <fmt/format.h>

#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/gate/verdict_file.hpp"

namespace launchgate::gate {
namespace {

Verdict no(std::string why) { return {Decision::hold, {std::move(why)}}; }

std::string quoted(std::string_view foreign) { return "'" + ellipsize(printable(foreign), 80) + "'"; }

Verdict judge_file(const PromoteQuestion& q) {
  if (q.release.empty()) return no("no release is named, so no verdict can be for it");
  if (!q.file)
    return no("there is no verdict file: the gate did not run, was cancelled, or its file was not passed on");
  auto read = read_verdict_file(*q.file, q.key);
  if (!read) return no(read.error().what);
  const VerdictFile& file = *read;
  if (file.config_sha256.empty()) return no("the gate did not finish, or a report of it could not be written");
  if (file.run.env != q.env)
    return no(fmt::format("the verdict is for environment {}, not {}", quoted(file.run.env), quoted(q.env)));
  if (file.run.release != q.release)
    return no(fmt::format("the verdict is for release {}, not {}", quoted(file.run.release), quoted(q.release)));
  if (!q.config_sha256)
    return no("the configuration here could not be read, so the verdict cannot be compared with it");
  if (file.config_sha256 != *q.config_sha256) return no("the verdict was made under another configuration");

  const double age = static_cast<double>(q.now_unix_ms) - static_cast<double>(file.run.unix_ms);
  if (age < -kClockSkewMs) return no("the verdict is from the future: compare the clocks of both machines");
  if (!(age <= q.max_age_ms))
    return no(fmt::format("the verdict is {} old; {} is allowed", show_duration(age), show_duration(q.max_age_ms)));
  if (file.verdict.decision != Decision::promote) {
    Verdict v = file.verdict;
    v.reasons.insert(v.reasons.begin(), fmt::format("the gate said {}", to_string(v.decision)));
    return v;
  }
  return {Decision::promote,
          {fmt::format("fresh verdict for {} in {}, {}", quoted(q.release), quoted(q.env),
                       file.is_signed ? "signature good" : "not signed or no key to check it with")}};
}

}  // namespace

Verdict promote_check(const PromoteQuestion& question) {
  Verdict verdict = judge_file(question);
  if (!question.rollback || verdict.decision == Decision::promote) return verdict;
  verdict.reasons.insert(verdict.reasons.begin(),
                         fmt::format("a rollback is never blocked; otherwise: {}", to_string(verdict.decision)));
  verdict.decision = Decision::promote;
  return verdict;
}

}  // namespace launchgate::gate
