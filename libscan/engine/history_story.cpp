// References are found in one pass over the history for every 64 commits that are asked about: from the oldest commit
// on, each takes over the marks of its parents, so that in the end a reference has the marks of all it holds.
#include "libscan/engine/history_story.hpp"

#include <algorithm>
#include <bit>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "libscan/git/object_reader.hpp"

namespace launchgate::engine {
namespace {

using git::Oid;

// A pass over a large history takes a millisecond or two; who has more findings than this does not read them one by
// one.
constexpr std::size_t kMaxAsked = 64 * 64;

// Branches first, then what they are compared with, then tags.
int rank_of(std::string_view ref) {
  int rank = 0;
  for (const std::string_view prefix : {"refs/heads/", "refs/remotes/", "refs/tags/"}) {
    if (ref.starts_with(prefix)) return rank;
    ++rank;
  }
  return rank;
}

std::string short_name(std::string_view ref) {
  for (const std::string_view prefix : {"refs/heads/", "refs/remotes/", "refs/tags/"})
    if (ref.starts_with(prefix)) return std::string(ref.substr(prefix.size()));
  return std::string(ref);
}

class Teller {
 public:
  Teller(std::vector<Finding>& findings, const git::Repository& repository, const git::History& history,
         const HistoryTips& tips)
      : findings_(findings), repository_(repository), history_(history), tips_(tips) {}

  void tell() {
    find_commits();
    find_in_head();
    find_references();
  }

 private:
  // Which place in the range a finding's commit has.
  void find_commits() {
    for (const Finding& f : findings_)
      if (const auto oid = Oid::from_hex(f.where.commit)) place_.emplace(*oid, kNone);
    const auto& commits = history_.commits.commits;
    for (std::uint32_t i = 0; i < commits.size(); ++i)
      if (const auto asked = place_.find(commits[i]); asked != place_.end()) asked->second = i;
    for (Finding& f : findings_) {
      const auto oid = Oid::from_hex(f.where.commit);
      if (!oid || place_.at(*oid) == kNone) continue;  // a tag's text, a content without a commit
      f.story.emplace().order = static_cast<std::uint32_t>(commits.size() - place_.at(*oid));
    }
  }

  // The contents the findings stand in, by commit and path; then all of HEAD's tree, looked through for them.
  void find_in_head() {
    if (!tips_.head || !std::any_of(findings_.begin(), findings_.end(), [](const Finding& f) { return !!f.story; }))
      return;
    std::unordered_map<std::string, Oid> content;
    for (const Finding& f : findings_)
      if (f.story) content.emplace(key(f.where.commit, f.where.path), Oid{});
    std::unordered_map<Oid, std::vector<std::string>> in_head;
    const std::vector<Oid>& commits = history_.commits.commits;
    std::vector<bool> asked_of(commits.size(), false);
    for (const auto& [oid, place] : place_)
      if (place != kNone) asked_of[place] = true;
    for (const auto& file : history_.found.files.entries()) {
      if (file.commit == git::FileList::kNone || !asked_of[file.commit]) continue;
      const auto asked = content.find(key(commits[file.commit].hex(), history_.found.files.path(file)));
      if (asked != content.end()) in_head.try_emplace(asked->second = file.oid);
    }
    git::ObjectReader objects(repository_);
    const auto tree = objects.tree_of(*tips_.head);
    if (!tree) return;
    git::CommitRange head;
    head.commits = {*tips_.head};
    head.trees = {*tree};
    head.parents_begin = {0, 0};
    const auto files = git::list_new_files(repository_, head, {"", false, 1});
    if (!files || files->lost_tree) return;
    for (const auto& file : files->files.entries())
      if (const auto asked = in_head.find(file.oid); asked != in_head.end())
        asked->second.emplace_back(files->files.path(file));
    for (Finding& f : findings_) {
      if (!f.story) continue;
      const Oid& oid = content.at(key(f.where.commit, f.where.path));
      if (oid.is_zero()) continue;                              // a message: no tree holds it
      const std::vector<std::string>& paths = in_head.at(oid);  // sorted
      f.story->in_head = !paths.empty();
      if (!paths.empty() && !std::binary_search(paths.begin(), paths.end(), f.where.path))
        f.story->head_path = paths.front();
    }
  }

  void find_references() {
    const auto& range = history_.commits;
    std::vector<std::uint32_t> asked;
    for (const auto& [oid, place] : place_)
      if (place != kNone) asked.push_back(place);
    if (tips_.names.empty() || asked.empty() || asked.size() > kMaxAsked) return;
    std::sort(asked.begin(), asked.end());

    std::vector<std::pair<std::uint32_t, const HistoryTips::Named*>> tips;  // those in the range
    std::unordered_map<Oid, std::vector<const HistoryTips::Named*>> at;
    for (const HistoryTips::Named& tip : tips_.names) at[tip.commit].push_back(&tip);
    for (std::uint32_t i = 0; i < range.commits.size(); ++i)
      if (const auto here = at.find(range.commits[i]); here != at.end())
        for (const HistoryTips::Named* tip : here->second) tips.push_back({i, tip});
    std::sort(tips.begin(), tips.end(), [](const auto& a, const auto& b) {
      const int x = rank_of(a.second->name), y = rank_of(b.second->name);
      return x != y ? x < y : a.second->name < b.second->name;
    });

    std::unordered_map<std::uint32_t, std::pair<std::vector<std::string>, std::uint32_t>> told;
    for (std::size_t begin = 0; begin < asked.size(); begin += 64) {
      const std::size_t end = std::min(asked.size(), begin + 64);
      std::vector<std::uint64_t> marks(range.commits.size(), 0);
      for (std::size_t i = begin; i < end; ++i) marks[asked[i]] |= std::uint64_t{1} << (i - begin);
      for (std::size_t commit = range.commits.size(); commit-- > 0;)
        for (const std::uint32_t parent : range.parents_of(commit))
          if (parent < marks.size()) marks[commit] |= marks[parent];
      for (const auto& [place, tip] : tips)
        for (std::uint64_t left = marks[place]; left != 0; left &= left - 1) {
          auto& [names, count] = told[asked[begin + static_cast<std::size_t>(std::countr_zero(left))]];
          if (++count <= Story::kMaxRefs) names.push_back(short_name(tip->name));
        }
    }
    for (Finding& f : findings_) {
      if (!f.story) continue;
      const auto found = told.find(place_.at(*Oid::from_hex(f.where.commit)));
      if (found == told.end()) continue;
      f.story->refs = found->second.first;
      f.story->ref_count = found->second.second;
    }
  }

  static std::string key(std::string_view commit, std::string_view path) {
    return std::string(commit) + '\0' + std::string(path);
  }

  static constexpr std::uint32_t kNone = UINT32_MAX;

  std::vector<Finding>& findings_;
  const git::Repository& repository_;
  const git::History& history_;
  const HistoryTips& tips_;
  std::unordered_map<Oid, std::uint32_t> place_;  // of the findings' commits in the range
};

}  // namespace

void tell_stories(std::vector<Finding>& findings, const git::Repository& repository, const git::History& history,
                  const HistoryTips& tips) {
  if (!findings.empty()) Teller(findings, repository, history, tips).tell();
}

}  // namespace launchgate::engine
