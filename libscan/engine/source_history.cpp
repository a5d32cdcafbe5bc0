#include "libscan/engine/source_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>
#include <system_error>
#include <unordered_set>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/engine/history_contents.hpp"
#include "libscan/engine/history_texts.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/range.hpp"
#include "libscan/git/refs.hpp"

namespace launchgate::engine {
namespace {

using git::ObjectReader;
using git::ObjectType;
using git::Oid;

constexpr std::size_t kMaxHead = 4096;
constexpr std::size_t kMaxStashLog = std::size_t{16} << 20;

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
    if (second.ec == std::errc() && second.ptr == end && shard.index >= 1 && shard.index <= shard.count) return shard;
  }
  return fail(ErrorCode::usage, fmt::format("--shard: '{}' is no part of a whole", printable(text)),
              "write I/N with I from 1 to N, for example --shard 2/4");
}

// Where the walk starts, where it ends, and the tag texts met on the way.
struct Tips {
  std::vector<Oid> heads;
  std::vector<Oid> bases;
  std::vector<Oid> tags;   // annotated
  std::vector<Oid> blobs;  // contents that a reference names directly
};

class History {
 public:
  History(const ScanContext& context, const git::Target& target, Shard shard)
      : context_(context), target_(target), repository_(*target.repository), objects_(repository_), shard_(shard) {}

  Result<ScanPart> scan(const std::vector<std::string>& revisions) {
    auto tips = find_tips(revisions);
    if (!tips) return Unexpected{tips.error()};
    auto boundary = git::shallow_boundary(repository_);
    if (!boundary) return Unexpected{boundary.error()};
    auto history = list(*tips, *boundary);
    if (!history) return Unexpected{history.error()};
    if (history->commits.cut_short) tell_shallow(boundary->size());
    std::vector<git::ChangedFile>& files = history->found.files;
    for (const Oid& blob : tips->blobs) {
      git::ChangedFile& file = files.emplace_back();
      file.path = "(tagged object)";
      file.oid = blob;
    }
    auto part = scan_contents(files);
    if (!part) return part;
    all_.merge(std::move(*part));
    all_.coverage.merge(history->found.coverage);
    all_.coverage.commits = history->commits.commits.size();
    return std::move(all_);
  }

 private:
  // Commits and files of the tips. Messages are scanned on the way, where nothing says that a part of what is read may
  // turn out to be known.
  Result<git::History> list(Tips& tips, const std::vector<Oid>& boundary) {
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

  Result<Tips> find_tips(const std::vector<std::string>& revisions) {
    Tips tips;
    if (revisions.empty()) {
      auto refs = git::list_refs(repository_);
      if (!refs) return Unexpected{refs.error()};
      for (const git::Ref& ref : *refs)
        if (auto r = add_tip(ref.oid, tips); !r) return Unexpected{r.error()};
      auto head = git::resolve_ref(repository_, "HEAD");
      if (!head) return Unexpected{head.error()};
      if (*head)
        if (auto r = add_tip(**head, tips); !r) return Unexpected{r.error()};
      if (auto r = add_work_trees(tips); !r) return Unexpected{r.error()};
      if (auto r = add_older_stashes(tips); !r) return Unexpected{r.error()};
      return tips;
    }
    for (const std::string& revision : revisions)
      if (auto r = add_revision(revision, tips); !r) return Unexpected{r.error()};
    return tips;
  }

  Result<void> add_revision(const std::string& revision, Tips& tips) {
    if (revision.find("..") != std::string::npos) {
      auto change = git::parse_range(revision);
      if (!change) return Unexpected{change.error()};
      auto range = git::resolve_range(*change, repository_, objects_);
      if (!range) return Unexpected{range.error()};
      tips.heads.insert(tips.heads.end(), range->heads.begin(), range->heads.end());
      tips.bases.insert(tips.bases.end(), range->bases.begin(), range->bases.end());
      return {};
    }
    auto oid = git::resolve_name(repository_, revision);
    if (!oid) return Unexpected{oid.error()};
    if (*oid) return add_tip(**oid, tips);
    return fail(ErrorCode::usage, fmt::format("--history: '{}' names no commit here", printable(revision)),
                "name a branch, a tag, a full object id, or a range A..B");
  }

  // HEAD of every linked work tree: where it is detached, no reference names its commits (git-worktree(1)).
  Result<void> add_work_trees(Tips& tips) {
    std::error_code none;  // no such folder: no linked work trees
    for (const auto& entry : std::filesystem::directory_iterator(repository_.common_dir + "/worktrees", none)) {
      auto head = git::read_small_file(entry.path().string() + "/HEAD", kMaxHead);
      if (!head) return Unexpected{head.error()};
      const auto oid = *head ? Oid::from_hex(git::trim(**head)) : std::nullopt;
      if (!oid) continue;  // on a branch
      if (auto r = add_tip(*oid, tips); !r) return r;
    }
    return {};
  }

  // Only the newest stash is a reference; the older ones stand in its reflog ("OLD NEW WHO WHEN\tWHAT").
  Result<void> add_older_stashes(Tips& tips) {
    auto log = git::read_small_file(repository_.common_dir + "/logs/refs/stash", kMaxStashLog);
    if (!log) return Unexpected{log.error()};
    for (std::string_view rest = *log ? std::string_view(**log) : std::string_view(); !rest.empty();) {
      const std::size_t end = rest.find('\n');
      const std::string_view line = rest.substr(0, end);
      rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
      const std::size_t blank = line.find(' ');
      if (blank == std::string_view::npos) continue;
      const auto oid = Oid::from_hex(line.substr(blank + 1, blank));
      if (!oid) continue;
      auto there = objects_.exists(*oid);
      if (!there) return Unexpected{there.error()};
      if (!*there) continue;  // dropped and pruned
      if (auto r = add_tip(*oid, tips); !r) return r;
    }
    return {};
  }

  // Follows an annotated tag to its commit, or to the content it was put on.
  Result<void> add_tip(Oid oid, Tips& tips) {
    constexpr int kMaxTags = 32;  // tags of tags; nobody nests them, and a loop must end
    for (int depth = 0; depth < kMaxTags; ++depth) {
      auto object = objects_.read(oid);
      if (!object) return Unexpected{object.error()};
      if (object->type == ObjectType::commit) {
        tips.heads.push_back(oid);
        return {};
      }
      if (object->type == ObjectType::blob) {
        tips.blobs.push_back(oid);
        return {};
      }
      if (object->type == ObjectType::tree) {
        all_.coverage.skip("reference-to-a-tree", oid.hex(), true);
        return {};
      }
      tips.tags.push_back(oid);
      const auto next = tagged(object->bytes);
      if (!next) break;
      oid = *next;
    }
    all_.coverage.skip("damaged-tag", oid.hex(), true);
    return {};
  }

  // "object <hex>\n" is the first line of a tag (git-mktag(1)).
  static std::optional<Oid> tagged(std::string_view tag) {
    constexpr std::string_view kObject = "object ";
    if (!tag.starts_with(kObject)) return std::nullopt;
    return Oid::from_hex(tag.substr(kObject.size(), tag.find('\n') - kObject.size()));
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

  // Each content once, where it first was.
  Result<ScanPart> scan_contents(std::vector<git::ChangedFile>& files) {
    std::unordered_set<Oid> seen;
    std::erase_if(files, [&](git::ChangedFile& file) {
      file.before.clear();  // what stood there before was new once, and is reported there
      return !shard_.takes(file.oid) || !seen.insert(file.oid).second;
    });
    return scan_contents_by_pack(context_, repository_, files);
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
  return History(context, target, *shard).scan(request.revisions);
}

}  // namespace launchgate::engine
