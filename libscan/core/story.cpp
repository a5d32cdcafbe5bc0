#include "libscan/core/story.hpp"

#include <algorithm>
#include <string>
#include <string_view>
#include <tuple>
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

// What the findings of one fingerprint, path and severity have in common.
struct Versions {
  std::vector<std::uint32_t> orders;  // of their commits
  bool in_head = false, in_head_here = false, all_known = true;
  std::string head_path;

  void add(const Story& story) {
    orders.push_back(story.order);
    all_known &= story.in_head.has_value();
    if (!story.in_head.value_or(false)) return;
    in_head = true;
    in_head_here |= story.head_path.empty();
    if (head_path.empty() || (!story.head_path.empty() && story.head_path < head_path)) head_path = story.head_path;
  }
  void finish() {
    std::sort(orders.begin(), orders.end());
    orders.erase(std::unique(orders.begin(), orders.end()), orders.end());
    if (in_head_here) head_path.clear();
  }
  void tell(Story& story) const {
    story.versions = static_cast<std::uint32_t>(orders.size());
    story.in_head.reset();
    if (in_head || all_known) story.in_head = in_head;
    story.head_path = head_path;
  }
};

std::string version_key(const Finding& f) {
  return f.fingerprint + '\0' + f.where.path + '\0' + static_cast<char>(f.severity);
}

}  // namespace

bool has_place(const Finding& f) noexcept { return f.story && f.story->order != 0; }

void keep_first_path(std::vector<Finding>& findings, const ContentIds& contents) {
  struct Copy {
    std::size_t index;
    std::uint64_t content;
  };
  const auto place = [&](const Copy& c) {
    const Finding& f = findings[c.index];
    const Span& s = f.where.span;
    return std::tie(c.content, f.rule, s.line, s.column, s.end_line, s.end_column);
  };
  std::vector<Copy> copies;
  for (std::size_t i = 0; i < findings.size(); ++i)
    if (const auto at = contents.find({findings[i].where.commit, findings[i].where.path});
        at != contents.end() && has_place(findings[i]))
      copies.push_back({i, at->second});
  std::sort(copies.begin(), copies.end(), [&](const Copy& a, const Copy& b) {
    if (place(a) != place(b)) return place(a) < place(b);
    const Finding &x = findings[a.index], &y = findings[b.index];
    return x.story->order != y.story->order ? x.story->order < y.story->order : report_order(x, y);
  });
  std::vector<bool> dropped(findings.size(), false);
  const Copy* kept = nullptr;
  for (const Copy& copy : copies) {
    if (kept != nullptr && place(*kept) == place(copy) &&
        findings[copy.index].severity <= findings[kept->index].severity)
      dropped[copy.index] = true;
    else
      kept = &copy;
  }
  std::size_t index = 0;
  std::erase_if(findings, [&](const Finding&) { return dropped[index++]; });
}

void keep_first_of_each(std::vector<Finding>& findings) {
  std::unordered_map<std::string, Versions> all;
  for (const Finding& f : findings)
    if (has_place(f)) all[version_key(f)].add(*f.story);
  for (auto& [key, versions] : all) versions.finish();
  std::erase_if(findings, [&](Finding& f) {
    if (!has_place(f)) return false;
    const Versions& versions = all.at(version_key(f));
    if (f.story->order != versions.orders.front()) return true;
    versions.tell(*f.story);
    return false;
  });
}

void tell_secrets(std::vector<Finding>& findings) {
  std::unordered_map<std::string_view, std::vector<const Finding*>> by_secret;
  for (const Finding& f : findings)
    if (has_place(f)) by_secret[identity(f)].push_back(&f);
  std::unordered_map<std::string_view, SecretStory> told;
  for (auto& [id, group] : by_secret) told.emplace(id, summary(group));
  for (Finding& f : findings)
    if (has_place(f)) f.story->secret = told.at(identity(f));
}

}  // namespace launchgate
