#include "libscan/core/story.hpp"

#include <algorithm>
#include <string_view>
#include <unordered_map>

namespace launchgate {
namespace {

std::string_view identity(const Finding& f) { return f.secret_id.empty() ? f.fingerprint : f.secret_id; }

SecretStory summary(std::vector<const Finding*>& findings) {
  std::sort(findings.begin(), findings.end(), [](const Finding* a, const Finding* b) {
    return a->story->order != b->story->order ? a->story->order < b->story->order : report_order(*a, *b);
  });
  SecretStory secret;
  const Location &first = findings.front()->where, &last = findings.back()->where;
  secret.first_commit = first.commit;
  secret.first_date = first.date;
  secret.last_commit = last.commit;
  secret.last_date = last.date;
  std::uint32_t previous = 0;
  bool all_known = true;
  for (const Finding* f : findings) {
    if (f->story->order != previous) ++secret.commits;
    previous = f->story->order;
    all_known &= f->story->in_head.has_value();
    if (f->story->in_head.value_or(false)) secret.in_head = true;
  }
  if (!secret.in_head && all_known) secret.in_head = false;
  return secret;
}

}  // namespace

void tell_secrets(std::vector<Finding>& findings) {
  std::unordered_map<std::string_view, std::vector<const Finding*>> by_secret;
  for (const Finding& f : findings)
    if (f.story && f.story->order != 0) by_secret[identity(f)].push_back(&f);
  std::unordered_map<std::string_view, SecretStory> told;
  for (auto& [id, group] : by_secret) told.emplace(id, summary(group));
  for (Finding& f : findings)
    if (f.story && f.story->order != 0) f.story->secret = told.at(identity(f));
}

}  // namespace launchgate
