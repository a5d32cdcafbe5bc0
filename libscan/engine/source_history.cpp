#include "libscan/engine/source_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/engine/history_contents.hpp"
#include "libscan/engine/history_story.hpp"
#include "libscan/engine/history_texts.hpp"
#include "libscan/engine/history_tips.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/object_listing.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/refs.hpp"

namespace launchgate::engine {
namespace {

using git::ObjectReader;
using git::ObjectType;
using git::Oid;

// The I of N that this run is for. Contents are dealt out by object id, which is as good as random and the same on
// every machine.
struct Shard {
  unsigned index = 1;
  unsigned count = 1;
  bool takes(const Oid& oid) const { return count == 1 || std::hash<Oid>{}(oid) % count == index - 1; }
};

Result<Shard> parse_shard(std::string_view text) {
  Shard shard;
  if (text.empty()) return shard;
  const char* const end = text.data() + text.size();
  const auto first = std::from_chars(text.data(), end, shard.index);
  if (first.ec == std::errc() && first.ptr != end && *first.ptr == '/') {
    const auto second = std::from_chars(first.ptr + 1, end, shard.count);
    constexpr unsigned kMost = 100'000;  // as `merge` takes them
    if (second.ec == std::errc() && second.ptr == end && shard.index >= 1 && shard.index <= shard.count &&
        shard.count <= kMost)
      return shard;
  }
  return fail(ErrorCode::usage, fmt::format("--shard: '{}' is no part of a whole", printable(text)),
              "write I/N with I from 1 to N, for example --shard 2/4");
}

// For commits that are stored as deltas of one another, which is rare.
constexpr std::size_t kCommitCache = std::size_t{2} << 20;

class History {
 public:
  History(const ScanContext& context, const git::Target& target, Shard shard)
      : context_(context), target_(target), repository_(*target.repository), objects_(repository_), shard_(shard) {
    objects_.expect_many(kCommitCache);
  }

  Result<ScanPart> scan(const HistoryRequest& request) {
    auto tips = find_history_tips(repository_, objects_, request.revisions, all_.coverage);
    if (!tips) return Unexpected{tips.error()};
    if (request.heads != nullptr) *request.heads = tips->heads;
    add_known(request.known, *tips);
    tell_rewritten();
    auto boundary = git::shallow_boundary(repository_);
    if (!boundary) return Unexpected{boundary.error()};
    auto history = list(*tips, *boundary);
    if (!history) return Unexpected{history.error()};
    if (history->commits.cut_short) tell_shallow(boundary->size());
    tell_lost(*history);
    if (target_.path.empty())
      for (const Oid& blob : tips->blobs) history->found.files.add("(tagged object)", blob);
    for (const Oid& tree : tips->trees)
      if (auto r = add_tree(tree, *history); !r) return Unexpected{r.error()};
    if (request.unreachable)
      if (auto r = add_unreachable(*tips, *history); !r) return Unexpected{r.error()};
    auto part = scan_contents(*history);
    if (!part) return part;
    all_.merge(std::move(*part));
    all_.coverage.merge(history->found.coverage);
    all_.coverage.commits = history->commits.commits.size();
    tell_stories(all_.findings, repository_, *history, *tips);
    return std::move(all_);
  }

 private:
  // Commits and files of the tips. Messages are scanned on the way, where nothing says that a part of what is read may
  // turn out to be known.
  Result<git::History> list(const HistoryTips& tips, const std::vector<Oid>& boundary) {
    const git::ListOptions options{target_.path, false, context_.threads};
    const bool texts = target_.path.empty();
    if (tips.bases.empty()) {
      auto scanner = TextScanner::create(context_);
      if (!scanner) return Unexpected{scanner.error()};
      auto history = git::list_history(repository_, objects_, tips.heads, boundary, options,
                                       [&](const Oid& oid, std::string_view commit) {
                                         if (texts && shard_.takes(oid)) scanner->scan_commit(oid, commit);
                                       });
      all_.merge(scanner->take());
      if (history && texts)
        if (auto r = scan_texts({}, tips.tags); !r) return Unexpected{r.error()};
      return history;
    }
    auto range = git::commits_between(objects_, tips.heads, tips.bases, boundary);
    if (!range) return Unexpected{range.error()};
    auto found = git::list_new_files(repository_, *range, options);
    if (!found) return Unexpected{found.error()};
    if (texts)
      if (auto r = scan_texts(range->commits, tips.tags); !r) return Unexpected{r.error()};
    return git::History{std::move(*range), std::move(*found)};
  }

  // Only commits that are really here narrow the work: after a forced push and a clean-up the old ones may be gone.
  void add_known(const std::vector<Oid>& known, HistoryTips& tips) {
    for (const Oid& oid : known)
      if (objects_.read(oid, ObjectType::commit)) tips.bases.push_back(oid);
  }

  // A folder that a reference names without a commit (as Linux' v2.6.11-tree does): all that is below it.
  Result<void> add_tree(const Oid& tree, git::History& history) {
    git::CommitRange alone;
    alone.commits = alone.trees = {tree};
    alone.parents_begin = {0, 0};
    auto found = git::list_new_files(repository_, alone, {target_.path, false, context_.threads});
    if (!found) return Unexpected{found.error()};
    for (const auto& file : found->files.entries())
      history.found.files.add("(tagged tree)/" + std::string(found->files.path(file)), file.oid);
    history.found.links.insert(history.found.links.end(), found->links.begin(), found->links.end());
    history.found.coverage.merge(found->coverage);
    return {};
  }

  // Everything the object database has and the listing has not.
  Result<void> add_unreachable(const HistoryTips& tips, git::History& history) {
    std::vector<Oid> reached = history.found.links;
    for (const auto& file : history.found.files.entries()) reached.push_back(file.oid);
    reached.insert(reached.end(), history.commits.commits.begin(), history.commits.commits.end());
    reached.insert(reached.end(), tips.tags.begin(), tips.tags.end());
    std::sort(reached.begin(), reached.end());
    git::ObjectListing rest = git::list_objects(repository_, objects_, reached);
    all_.coverage.merge(rest.coverage);
    for (const Oid& blob : rest.blobs) history.found.files.add("(unreachable)/" + blob.hex(), blob);
    all_.notes.push_back({Note::Level::info,
                          fmt::format("nothing leads to {} contents, {} commits and {} tags: they were looked at too",
                                      rest.blobs.size(), rest.commits.size(), rest.tags.size()),
                          "`git gc --prune=now` removes what also no reflog leads to"});
    return scan_texts(std::move(rest.commits), std::move(rest.tags));
  }

  void tell_rewritten() {
    if (git::has_rewritten_history(repository_))
      all_.notes.push_back({Note::Level::info,
                            "replacement references and grafts are not applied: the original commits were looked at",
                            ""});
  }

  void tell_shallow(std::size_t cuts) {
    all_.coverage.skip("shallow-history", "", true);
    all_.notes.push_back({Note::Level::error,
                          fmt::format("the clone is shallow (cut off at {} commit{}): what came "
                                      "before was not looked at",
                                      cuts, cuts == 1 ? "" : "s"),
                          "`git fetch --unshallow`; in GitHub Actions set fetch-depth: 0 for actions/checkout, in "
                          "GitLab GIT_DEPTH: \"0\""});
  }

  void tell_lost(const git::History& history) {
    const git::LostObjects& commits = history.commits.lost;
    for (const git::Oid& commit : commits.sorted()) all_.coverage.skip("unreadable-commit", commit.hex(), true);
    for (const auto& why : {commits.why, history.found.lost_tree})
      if (why) all_.notes.push_back({Note::Level::error, "not all of the history is there: " + why->what, why->hint});
  }

  // Each content once, where it first was.
  Result<ScanPart> scan_contents(git::History& history) {
    git::FileList& files = history.found.files;
    files.erase_if([&](const git::FileList::Entry& file) {
      if (!shard_.takes(file.oid)) return true;
      // Before doubles go: the same content may stand at a path that is not excluded.
      if (!any_matches(context_.exclude, files.path(file))) return false;
      all_.coverage.skip("excluded", files.path(file));
      return true;
    });
    return scan_contents_by_pack(context_, repository_, files, history.commits.commits);
  }

  Result<void> scan_texts(std::vector<Oid> commits, std::vector<Oid> tags) {
    const auto not_ours = [this](const Oid& oid) { return !shard_.takes(oid); };
    std::erase_if(commits, not_ours);
    std::erase_if(tags, not_ours);
    std::sort(tags.begin(), tags.end());  // several references may name one tag
    tags.erase(std::unique(tags.begin(), tags.end()), tags.end());
    auto part = scan_history_texts(context_, repository_, commits, tags);
    if (!part) return Unexpected{part.error()};
    all_.merge(std::move(*part));
    return {};
  }

  const ScanContext& context_;
  const git::Target& target_;
  const git::Repository& repository_;
  ObjectReader objects_;
  Shard shard_;
  ScanPart all_;
};

}  // namespace

Result<ScanPart> scan_history(const ScanContext& context, const git::Target& target, const HistoryRequest& request) {
  auto shard = parse_shard(request.shard);
  if (!shard) return Unexpected{shard.error()};
  return History(context, target, *shard).scan(request);
}

}  // namespace launchgate::engine
