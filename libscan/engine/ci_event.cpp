#include "libscan/engine/ci_event.hpp"

#include <fcntl.h>

#include <algorithm>
#include <initializer_list>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"

namespace launchgate::engine {
namespace {

using git::Change;
using git::Environment;
using Json = nlohmann::json;

constexpr std::size_t kMaxEvent = std::size_t{64} << 20;  // GitHub caps payloads at 25 MB
constexpr const char* kGitHubDeepen = "set `fetch-depth: 0` for actions/checkout";
constexpr const char* kGitLabDeepen = "set the variable GIT_DEPTH to \"0\" for this job";

// Forty (or sixty-four) zeros stand for "no commit" everywhere.
bool no_commit(std::string_view id) { return id.empty() || id.find_first_not_of('0') == std::string_view::npos; }

std::string_view without_prefix(std::string_view text, std::string_view prefix) {
  return text.substr(0, prefix.size()) == prefix ? text.substr(prefix.size()) : text;
}

void add_if_set(std::vector<std::string>& names, std::string_view name) {
  if (!no_commit(name)) names.emplace_back(name);
}

// A commit without anything to compare with: the whole history behind it.
Change whole_history(std::string_view kind, std::string title, std::string_view head, const char* deepen) {
  Change change;
  change.kind = kind;
  change.title = std::move(title);
  change.heads = {no_commit(head) ? "HEAD" : std::string(head)};
  change.whole_without_base = true;
  change.deepen = deepen;
  return change;
}

Change deleted(std::string title) {
  Change change;
  change.kind = "deleted";
  change.title = std::move(title);
  change.nothing = true;
  return change;
}

// A branch or tag pushed: from what it named before to what it names now. `main_branch` is the branch that everything
// new is measured against when there is no before.
Change pushed(std::string_view ref, std::string_view before, std::string_view after, std::string_view main_branch,
              const char* deepen) {
  const bool tag = ref.rfind("refs/tags/", 0) == 0;
  const std::string_view branch = without_prefix(ref, tag ? "refs/tags/" : "refs/heads/");
  Change change = whole_history(no_commit(before) ? (tag ? "tag" : "new-branch") : "push",
                                std::string(tag ? "tag " : "push to ") + printable(branch), after, deepen);
  add_if_set(change.bases, before);
  if (!main_branch.empty() && (tag || branch != main_branch))
    change.fallback_bases = {"refs/remotes/origin/" + std::string(main_branch)};
  return change;
}

// --- GitHub ---

// A string somewhere in the event; empty when there is none.
std::string text_at(const Json& event, std::initializer_list<const char*> keys) {
  const Json* at = &event;
  for (const char* key : keys) {
    if (!at->is_object()) return {};
    const auto found = at->find(key);
    if (found == at->end()) return {};
    at = &*found;
  }
  return at->is_string() ? at->get<std::string>() : std::string();
}

Result<Json> read_event(const Environment& env, const char* hint = "pass the range by hand: --range BASE..HEAD") {
  const std::string path(env.get("GITHUB_EVENT_PATH"));
  if (path.empty()) return fail(ErrorCode::undecided, "GITHUB_EVENT_PATH is not set: the event is unknown", hint);
  auto text = git::read_small_file(path, kMaxEvent);
  if (!text) return fail(ErrorCode::undecided, text.error().what, hint);
  if (!*text) return fail(ErrorCode::undecided, printable(path) + ": the event file is missing", hint);
  Json event = Json::parse(**text, nullptr, false);
  if (event.is_discarded() || !event.is_object())
    return fail(ErrorCode::undecided, printable(path) + ": the event file is no JSON object", hint);
  return event;
}

Result<Change> incomplete(std::string_view event, std::string_view field) {
  return fail(ErrorCode::undecided,
              "the " + std::string(event) + " event does not tell " + std::string(field) + ": no range to look at",
              "pass the range by hand: --range BASE..HEAD");
}

Result<Change> github_pull_request(const Environment& env, const Json& event, const std::string& name) {
  Change change;
  change.kind = "pull-request";
  const auto number = event.find("number");
  change.title = "pull request";
  if (number != event.end() && number->is_number_unsigned())
    change.title += " " + std::to_string(number->get<std::uint64_t>());
  const std::string target = text_at(event, {"pull_request", "base", "ref"});
  if (!target.empty()) change.title += " into " + printable(target);
  const std::string base = text_at(event, {"pull_request", "base", "sha"});
  const std::string head = text_at(event, {"pull_request", "head", "sha"});
  if (no_commit(base) || no_commit(head)) return incomplete(name, "base and head");
  change.heads = {head};
  change.bases = {base};
  change.deepen = kGitHubDeepen;
  if (name == "pull_request") {
    add_if_set(change.optional_heads, env.get("GITHUB_SHA"));  // the merge commit under test
  } else {
    // This event checks out the target branch; the head has to be asked for.
    change.deepen = "set `ref: ${{ github.event.pull_request.head.sha }}` and `fetch-depth: 0` for actions/checkout";
  }
  return change;
}

Result<Change> github_change(const Environment& env) {
  const std::string name(env.get("GITHUB_EVENT_NAME"));
  const std::string_view sha = env.get("GITHUB_SHA");
  if (name != "push" && name != "pull_request" && name != "pull_request_target" && name != "merge_group" &&
      name != "create" && name != "delete")
    return whole_history("whole", (name.empty() ? "run" : printable(name)) + " without a change of its own", sha,
                         kGitHubDeepen);
  auto event = read_event(env);
  if (!event) return Unexpected{std::move(event).error()};
  if (name == "pull_request" || name == "pull_request_target") return github_pull_request(env, *event, name);

  const std::string ref = text_at(*event, {"ref"});
  if (name == "delete") return deleted(printable(ref) + " was deleted");
  const std::string main_branch = text_at(*event, {"repository", "default_branch"});
  if (name == "create") {
    const bool tag = text_at(*event, {"ref_type"}) == "tag";
    return pushed((tag ? "refs/tags/" : "refs/heads/") + ref, "", sha, main_branch, kGitHubDeepen);
  }
  if (name == "merge_group") {
    Change change;
    change.kind = "merge-queue";
    change.title =
        "merge queue into " + printable(without_prefix(text_at(*event, {"merge_group", "base_ref"}), "refs/heads/"));
    change.heads = {text_at(*event, {"merge_group", "head_sha"})};
    change.bases = {text_at(*event, {"merge_group", "base_sha"})};
    change.deepen = kGitHubDeepen;
    if (no_commit(change.heads[0]) || no_commit(change.bases[0])) return incomplete(name, "base and head");
    return change;
  }
  const std::string after = text_at(*event, {"after"});
  const auto gone = event->find("deleted");
  if ((gone != event->end() && gone->is_boolean() && gone->get<bool>()) || (!after.empty() && no_commit(after)))
    return deleted(printable(ref) + " was deleted");
  if (after.empty()) return incomplete(name, "what was pushed");
  // For an annotated tag `after` names the tag object, GITHUB_SHA its commit, which is what gets checked out. The tag's
  // own text came too, where the tag is fetched.
  const std::string before = text_at(*event, {"before"});
  if (ref.rfind("refs/tags/", 0) != 0 || no_commit(sha)) return pushed(ref, before, after, main_branch, kGitHubDeepen);
  Change change = pushed(ref, before, sha, main_branch, kGitHubDeepen);
  change.optional_heads = {after};
  return change;
}

// --- GitLab ---

Result<Change> gitlab_change(const Environment& env) {
  const std::string_view sha = env.get("CI_COMMIT_SHA"), source = env.get("CI_PIPELINE_SOURCE");
  const std::string_view main_branch = env.get("CI_DEFAULT_BRANCH");
  if (source == "merge_request_event" || !env.get("CI_MERGE_REQUEST_IID").empty()) {
    Change change;
    const bool train = env.get("CI_MERGE_REQUEST_EVENT_TYPE") == "merge_train";
    change.kind = train ? "merge-train" : "merge-request";
    const std::string_view target = env.get("CI_MERGE_REQUEST_TARGET_BRANCH_NAME");
    change.title = (train ? "merge train, merge request " : "merge request ") +
                   printable(env.get("CI_MERGE_REQUEST_IID")) + " into " + printable(target);
    // Set in merged results and trains, where CI_COMMIT_SHA is a merge commit made by GitLab.
    const std::string_view tip = env.get("CI_MERGE_REQUEST_SOURCE_BRANCH_SHA");
    change.heads = {std::string(no_commit(tip) ? sha : tip)};
    if (!no_commit(tip)) add_if_set(change.optional_heads, sha);
    add_if_set(change.bases, env.get("CI_MERGE_REQUEST_TARGET_BRANCH_SHA"));
    // The recorded base goes stale when the request gets another target, so the target itself is better where it is.
    if (!target.empty()) change.fallback_bases = {"refs/remotes/origin/" + std::string(target)};
    add_if_set(change.fallback_bases, env.get("CI_MERGE_REQUEST_DIFF_BASE_SHA"));
    change.deepen = kGitLabDeepen;
    if (no_commit(change.heads[0])) return incomplete("merge request", "its commit");
    return change;
  }
  if (const std::string_view tag = env.get("CI_COMMIT_TAG"); !tag.empty()) {
    const std::string ref = "refs/tags/" + std::string(tag);
    Change change = pushed(ref, "", sha, main_branch, kGitLabDeepen);
    change.optional_heads = {ref};  // for its text
    return change;
  }
  const std::string_view branch = env.get("CI_COMMIT_BRANCH");
  if ((source == "push" || !no_commit(env.get("CI_COMMIT_BEFORE_SHA"))) && !branch.empty())
    return pushed("refs/heads/" + std::string(branch), env.get("CI_COMMIT_BEFORE_SHA"), sha, main_branch,
                  kGitLabDeepen);
  return whole_history("whole", (source.empty() ? "pipeline" : printable(source)) + " without a change of its own", sha,
                       kGitLabDeepen);
}

// --- Hooks ---

Change pre_commit_change(const Environment& env) {
  Change change;
  change.kind = "push";
  const std::string remote(env.get("PRE_COMMIT_REMOTE_NAME"));
  const std::string_view to = env.get("PRE_COMMIT_TO_REF");
  change.title = remote.empty() ? "change" : "push to " + printable(remote);
  change.heads = {no_commit(to) ? "HEAD" : std::string(to)};
  add_if_set(change.bases, env.get("PRE_COMMIT_FROM_REF"));
  if (!remote.empty()) {
    change.known = {"refs/remotes/" + remote + "/"};
    change.whole_without_base = true;  // the first push to an empty remote names no commit
  }
  return change;
}

std::vector<std::string_view> words_of(std::string_view line) {
  std::vector<std::string_view> words;
  while (!line.empty()) {
    const std::size_t begin = line.find_first_not_of(" \t\r");
    if (begin == std::string_view::npos) break;
    line.remove_prefix(begin);
    const std::size_t end = std::min(line.find_first_of(" \t\r"), line.size());
    words.push_back(line.substr(0, end));
    line.remove_prefix(end);
  }
  return words;
}

Result<Change> hook_change(const Environment& env, std::string_view lines) {
  Change change;
  change.whole_without_base = true;
  std::size_t count = 0;
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    const auto words = words_of(lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
    if (words.empty()) continue;
    ++count;
    if (words.size() == 4) {  // pre-push
      change.kind = "push";
      if (no_commit(words[1])) continue;  // a branch deleted there
      change.heads.emplace_back(words[1]);
      add_if_set(change.bases, words[3]);
      // What the remote has, as far as it is known here: a new branch brings in only what is on none of its branches.
      if (const std::string_view remote = env.get("LAUNCHGATE_PUSH_REMOTE"); !remote.empty())
        change.known = {"refs/remotes/" + std::string(remote) + "/"};
    } else if (words.size() == 3) {  // pre-receive, update
      change.kind = "receive";
      if (no_commit(words[1])) continue;
      change.heads.emplace_back(words[1]);
      add_if_set(change.bases, words[0]);
      // All that the references name before this push was there already. Afterwards (post-receive) they name the push.
      if (!env.get("GIT_QUARANTINE_PATH").empty()) change.known = {"refs/"};
    } else {
      return fail(ErrorCode::usage, "standard input is not what git gives to a pre-push or pre-receive hook",
                  "outside CI and hooks pass the range by hand: --range BASE..HEAD");
    }
  }
  change.title = change.kind == "receive" ? "received push" : "push";
  if (count == 0)
    return fail(ErrorCode::usage, "nothing here tells which change to look at: no CI variables, no hook",
                "pass the range by hand: --range BASE..HEAD");
  if (change.heads.empty()) return deleted(change.title + " that only deletes");
  return change;
}

bool on_github(const Environment& env) { return !env.get("GITHUB_ACTIONS").empty(); }
bool on_gitlab(const Environment& env) { return !env.get("GITLAB_CI").empty() && !env.get("CI_COMMIT_SHA").empty(); }
bool in_pre_commit(const Environment& env) {
  return !env.get("PRE_COMMIT_TO_REF").empty() || !env.get("PRE_COMMIT_REMOTE_NAME").empty();
}
// What is pushed to or by a job of a CI system is another change than the one the job is about.
bool in_push_hook(const Environment& env) {
  return !env.get("GIT_QUARANTINE_PATH").empty() || !env.get("LAUNCHGATE_PUSH_REMOTE").empty();
}

}  // namespace

bool wants_hook_lines(const Environment& env) {
  return in_push_hook(env) || (!in_pre_commit(env) && !on_github(env) && !on_gitlab(env));
}

Result<Change> detect_change(const Environment& env, std::string_view hook_lines) {
  if (in_push_hook(env)) return hook_change(env, hook_lines);
  if (in_pre_commit(env)) return pre_commit_change(env);
  if (on_github(env)) return github_change(env);
  if (on_gitlab(env)) return gitlab_change(env);
  return hook_change(env, hook_lines);
}

Result<std::optional<gate::Deployment>> detect_deployment(const Environment& env) {
  const std::string_view name = env.get("GITHUB_EVENT_NAME");
  if (!on_github(env) || (name != "deployment" && name != "deployment_status"))
    return std::optional<gate::Deployment>();
  constexpr const char* kHint = "name it with --deployment ID, or none";
  auto event = read_event(env, kHint);
  if (!event) return Unexpected{std::move(event).error()};
  if (gate::is_own_deployment_status(text_at(*event, {"deployment_status", "description"})))
    return std::optional<gate::Deployment>();
  const auto deployment = event->find("deployment");
  if (deployment != event->end() && deployment->is_object())
    if (const auto id = deployment->find("id"); id != deployment->end() && id->is_number_unsigned())
      return std::optional(gate::Deployment{id->dump(), text_at(*event, {"deployment", "environment"})});
  return fail(ErrorCode::undecided, "the " + std::string(name) + " event names no deployment", kHint);
}

}  // namespace launchgate::engine
