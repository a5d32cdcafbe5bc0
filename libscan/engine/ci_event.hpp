// What change is this run about? Read from the environment of CI systems and hooks; `--range auto`.
//
//   GitHub Actions   GITHUB_EVENT_NAME and the event file: push, pull_request(_target), merge_group, create, delete;
//                    any other event (schedule, workflow_dispatch, ...) has no range: the whole history of the commit
//   GitLab CI        merge request, merged result, merge train, branch, tag; other sources: the whole history
//   pre-commit       PRE_COMMIT_FROM_REF and PRE_COMMIT_TO_REF
//   git's own hooks  pre-push, pre-receive and update: the lines on standard input; to which remote, pre-push is told
//                    as an argument, and the hook of `hook install` hands it on as LAUNCHGATE_PUSH_REMOTE
//
// The answer is names only (git::Change); git/range.hpp finds out what they mean in this clone. Thread-safety: pure but
// for reading the event file.
#pragma once

#include <optional>
#include <string_view>

#include "libscan/core/result.hpp"
#include "libscan/gate/deployment_status.hpp"
#include "libscan/git/environment.hpp"
#include "libscan/git/range.hpp"

namespace launchgate::engine {

// This is a hook that git itself runs, or may be one (no CI system, no pre-commit): it tells the change on standard
// input.
bool wants_hook_lines(const git::Environment& env);

// `hook_lines`: standard input, when wants_hook_lines(); one change a line, "<local ref> <local id> <remote ref>
// <remote id>" (pre-push) or "<old id> <new id> <ref>" (pre-receive, update).
// Fails (undecided) when the event cannot be read, (usage) when nothing here tells of a change.
Result<git::Change> detect_change(const git::Environment& env, std::string_view hook_lines);

// The deployment that the GitHub event (deployment, deployment_status) is about; none for any other event, and for the
// event that a status of ours set off, or with a token that sets off workflows one run would follow the other for ever.
// Fails (undecided) when the event cannot be read or names none.
Result<std::optional<gate::Deployment>> detect_deployment(const git::Environment& env);

}  // namespace launchgate::engine
