// How the walk goes. A task is a folder still to be opened, or a further piece of a large one; tasks wait on one stack
// under one lock, which is touched once a folder. Taking the newest first keeps the stack small: about the number of
// siblings times the depth. What folders below need to know (ignore files on the way down, which repository, who the
// ancestors are) hangs on a chain of Folder nodes, shared and never changed once its folder has been read.
#include "libscan/git/worktree.hpp"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <deque>
#include <iterator>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <thread>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/directory.hpp"
#include "libscan/git/ignore.hpp"
#include "libscan/git/task_stack.hpp"
#include "libscan/git/walk_ground.hpp"

namespace launchgate::git {

bool WalkedFile::tracked() const noexcept {
  return index_ != nullptr && !index_->find(path.substr(prefix_), entries_).empty();
}

namespace {

struct Folder {
  std::shared_ptr<const Folder> parent;
  dev_t device = 0;
  ino_t inode = 0;
  const Ground* ground = nullptr;   // nullptr: in no repository
  IgnoreList ignore;                // its .gitignore
  const Folder* outward = nullptr;  // the nearest folder around it, in the same repository, with an ignore list
};

struct Task {
  std::string path;                      // below the root; "" or without '/' at the end
  std::shared_ptr<const Folder> parent;  // of a folder still to be opened; for a piece, the folder itself
  IndexRange entries;                    // of the repository's index, below this folder
  bool only_tracked = false;             // an ignored folder, entered for the tracked files in it
  std::string piece;                     // raw names, when the folder itself has been read elsewhere
};

bool is_dot_git(std::string_view name, bool ignore_case) noexcept {
  if (name.size() != 4 || name[0] != '.') return false;
  if (name == ".git") return true;
  return ignore_case && fold_ascii(name[1]) == 'g' && fold_ascii(name[2]) == 'i' && fold_ascii(name[3]) == 't';
}

}  // namespace

class Walker {
 public:
  Walker(const Target& target, const WalkOptions& options, const Environment& environment, const Visit& visit)
      : target_(target), options_(options), environment_(environment), visit_(visit), root_(target.root) {}

  Result<WalkSummary> run();

 private:
  // What one thread needs for itself.
  struct Worker {
    unsigned number = 0;
    DirectoryReader reader;
    std::string path;  // of the entry at hand
    Coverage skipped;
    std::vector<Task> found;  // sub-folders of the folder at hand
  };

  Task first_task();
  void visit_one_file(const Task& task);
  void add_notes();
  const Ground* add_ground(const Repository& repository, std::string prefix);

  void work(unsigned number) noexcept;

  void walk_folder(Worker& worker, Task& task);
  void walk_piece(Worker& worker, int folder, const std::shared_ptr<const Folder>& node, const Task& task);
  void walk_entry(Worker& worker, int folder, const std::shared_ptr<const Folder>& node, const Task& task,
                  const DirectoryEntry& entry, std::size_t name_at);
  void walk_sub_folder(Worker& worker, const std::shared_ptr<const Folder>& node, const Task& task, bool ignored);
  std::shared_ptr<Folder> describe(Worker& worker, int folder, Task& task);
  void enter_repository(int folder, Folder& node, Task& task);
  bool ignored(const Folder& node, std::string_view path, std::size_t name_at, bool directory) const;
  bool excluded(const std::string& path, bool directory) const;
  static void count_unopened(Coverage& coverage, const Task& task, int error);

  const Target& target_;
  const WalkOptions& options_;
  const Environment& environment_;
  const Visit& visit_;
  const RootDirectory root_;

  std::optional<TaskStack<Task>> tasks_;
  const Ground* first_ground_ = nullptr;
  bool asked_ignored_ = false;  // what was asked for is ignored, or lies in a folder that is

  std::mutex mutex_;  // guards what follows
  WalkSummary summary_;
  std::deque<Ground> grounds_;  // a deque: nodes point into it
};

// --- The whole walk ---

void Walker::work(unsigned number) noexcept {
  Worker worker;
  worker.number = number;
  for (Task task; tasks_->take(task); task = Task()) {
    walk_folder(worker, task);
    tasks_->give(worker.found);
  }
  const std::lock_guard lock(mutex_);
  summary_.coverage.merge(worker.skipped);
}

Result<WalkSummary> Walker::run() {
  if (!root_) return fail(ErrorCode::io, printable(target_.root) + ": " + errno_text(errno));
  Task first = first_task();
  if (target_.file) {
    visit_one_file(first);
    return std::move(summary_);
  }
  const unsigned workers = std::max(1U, options_.workers);
  tasks_.emplace(std::move(first), workers);
  std::vector<std::thread> threads;
  for (unsigned number = 1; number < workers; ++number) {
    try {
      threads.emplace_back([this, number] { work(number); });
    } catch (const std::system_error&) {  // no more threads to be had: fewer do it too
      tasks_->without(workers - number);
      break;
    }
  }
  work(0);
  for (std::thread& thread : threads) thread.join();
  for (const Ground& ground : grounds_) count_missing(ground, target_, summary_.coverage);
  add_notes();
  return std::move(summary_);
}

// One note for all folders that could not be opened, the same whatever the order of the walk.
void Walker::add_notes() {
  for (const Skipped& skipped : summary_.coverage.skipped) {
    if (skipped.reason != "unreadable") continue;
    std::string text = "cannot open " + std::to_string(skipped.count) + (skipped.count == 1 ? " folder" : " folders");
    for (std::size_t i = 0; i < skipped.examples.size(); ++i)
      text += (i == 0 ? ": " : ", ") + printable(skipped.examples[i]);
    summary_.notes.push_back({Note::Level::error, std::move(text),
                              "make them readable for the user who scans, or exclude them by an ignore file"});
  }
  std::sort(summary_.notes.begin(), summary_.notes.end(), [](const Note& a, const Note& b) { return a.text < b.text; });
}

// --- Where the walk starts ---

const Ground* Walker::add_ground(const Repository& repository, std::string prefix) {
  WalkSummary said;
  Ground ground = open_ground(repository, std::move(prefix), said);
  const std::lock_guard lock(mutex_);
  summary_.coverage.merge(said.coverage);
  std::move(said.notes.begin(), said.notes.end(), std::back_inserter(summary_.notes));
  grounds_.push_back(std::move(ground));
  return &grounds_.back();
}

// The folder asked for, with what the folders around it have to say about it.
Task Walker::first_task() {
  Task task;
  task.path = target_.path;
  if (!target_.repository) return task;
  const Ground* const ground = first_ground_ = add_ground(*target_.repository, "");
  task.entries = ground->index.all();
  auto node = std::make_shared<Folder>();
  node->ground = ground;
  task.parent = node;
  if (task.path.empty()) return task;

  // The root and every folder down to the parent of what was asked for, each with its ignore file.
  for (std::size_t slash = 0, name_at = 0;;) {
    const std::string folder = task.path.substr(0, slash);
    const std::string base = folder.empty() ? "" : folder + "/";
    node->ignore = read_ignore_list(target_.root + "/" + base + ".gitignore", base, ground->ignore_case);
    const std::size_t next = task.path.find('/', slash == 0 ? 0 : slash + 1);
    const std::string_view below_it = std::string_view(task.path).substr(0, next);
    asked_ignored_ |= ignored(*node, below_it, name_at, next != std::string::npos || !target_.file);
    if (next == std::string::npos) break;
    name_at = next + 1;
    auto below = std::make_shared<Folder>();
    below->parent = node;
    below->ground = ground;
    below->outward = node->ignore.empty() ? node->outward : node.get();
    node = below;
    slash = next;
  }
  task.parent = node;
  if (!target_.file) task.entries = ground->index.below(task.path + "/", task.entries);
  return task;
}

void Walker::visit_one_file(const Task& task) {
  if (excluded(task.path, false)) return summary_.coverage.skip("excluded", task.path);
  const std::size_t slash = task.path.rfind('/');
  const std::size_t name_at = slash == std::string::npos ? 0 : slash + 1;
  const Fd folder = root_.open(task.path.substr(0, name_at).c_str());
  if (!folder) return count_unopened(summary_.coverage, task, errno);
  WalkedFile file;
  file.path = task.path;
  file.name = file.path.substr(name_at);
  file.folder = folder.get();
  if (task.parent != nullptr) {
    file.index_ = &task.parent->ground->index;
    file.entries_ = task.entries;
    file.ignored = asked_ignored_ && !file.tracked();
  }
  visit_(0, file);
}

// --- One folder ---

void Walker::count_unopened(Coverage& coverage, const Task& task, int error) {
  const std::string_view shown = task.path.empty() ? "." : std::string_view(task.path);
  if (error == ENOENT) {
    coverage.skip("vanished", shown);
  } else if (error == ELOOP || error == ENOTDIR) {
    coverage.skip("symlink", shown);  // it was a folder when its parent was read
  } else {
    coverage.skip("unreadable", shown, true);
  }
}

void Walker::walk_folder(Worker& worker, Task& task) {
  const Fd folder = root_.open(task.path.c_str());
  if (!folder) return count_unopened(worker.skipped, task, errno);
  if (!task.piece.empty()) {
    worker.reader.assign(task.piece);
    return walk_piece(worker, folder.get(), task.parent, task);
  }
  if (const int error = worker.reader.read(folder.get()); error != 0)
    return count_unopened(worker.skipped, task, error);
  const std::shared_ptr<const Folder> node = describe(worker, folder.get(), task);
  if (node == nullptr) return;
  for (;;) {
    const bool last = worker.reader.complete();
    walk_piece(worker, folder.get(), node, task);
    if (last) return;
    // Read on, giving pieces away while others have nothing to do.
    for (;;) {
      if (const int error = worker.reader.read(folder.get()); error != 0)
        return count_unopened(worker.skipped, task, error);
      if (worker.reader.complete()) break;
      const auto piece = [&] {
        return Task{task.path, node, task.entries, task.only_tracked, std::string(worker.reader.raw())};
      };
      if (options_.workers < 2 || !tasks_->offer(std::size_t{4} * options_.workers, piece)) break;
    }
  }
}

// The node of the folder at hand, its first piece read; nullptr when it must not be entered.
std::shared_ptr<Folder> Walker::describe(Worker& worker, int folder, Task& task) {
  auto node = std::make_shared<Folder>();
  struct stat info {};
  if (::fstat(folder, &info) == 0) node->device = info.st_dev, node->inode = info.st_ino;
  for (const Folder* above = task.parent.get(); above != nullptr; above = above->parent.get()) {
    if (above->inode != node->inode || above->device != node->device || node->inode == 0) continue;
    worker.skipped.skip("directory-loop", task.path);  // a bind mount of a folder inside itself
    return nullptr;
  }
  node->parent = task.parent;
  if (node->parent != nullptr) {
    node->ground = node->parent->ground;
    node->outward = node->parent->ignore.empty() ? node->parent->outward : node->parent.get();
  }
  // Is there a repository or an ignore file? A folder of several pieces is asked, others show it in their names.
  bool has_git = !worker.reader.complete(), has_ignore = has_git;
  for (DirectoryEntry entry; worker.reader.next(folder, entry);) {
    has_git |= entry.name == ".git";
    has_ignore |= entry.name == ".gitignore";
  }
  worker.reader.rewind();
  const bool top = target_.repository && task.path.empty();
  if (has_git && !top) enter_repository(folder, *node, task);
  if (has_ignore && node->ground != nullptr && !task.only_tracked) {
    auto text = read_small_file(folder, ".gitignore", IgnoreList::kMaxBytes, Links::refuse);
    if (text && *text)
      node->ignore = IgnoreList(**text, task.path.empty() ? "" : task.path + "/", node->ground->ignore_case);
  }
  return node;
}

// A submodule or another repository inside this one answers for its own files, unless the outer one tracks files below
// it: then the folder is the outer one's, as for git.
void Walker::enter_repository(int folder, Folder& node, Task& task) {
  struct stat info {};
  if (::fstatat(folder, ".git", &info, 0) != 0) return;
  if (!task.entries.empty() && node.ground != nullptr) {
    const IndexEntry first = node.ground->index.entry(task.entries.begin);
    if ((first.mode & kModeType) != kModeTree || first.path != task.path.substr(node.ground->prefix.size()) + "/")
      return;
  }
  const std::string root = target_.root + "/" + task.path;
  const std::optional<Repository> repository = open_nested(root, environment_);
  if (!repository) return;  // nothing git would accept: an ordinary folder
  node.ground = add_ground(*repository, task.path.empty() ? "" : task.path + "/");
  node.outward = nullptr;
  task.entries = node.ground->index.all();
  task.only_tracked = false;
}

bool Walker::ignored(const Folder& node, std::string_view path, std::size_t name_at, bool directory) const {
  const Ground& ground = *node.ground;
  for (const Folder* folder = node.ignore.empty() ? node.outward : &node; folder != nullptr; folder = folder->outward)
    if (const auto verdict = folder->ignore.judge(path, name_at, directory); verdict != IgnoreVerdict::none)
      return verdict == IgnoreVerdict::ignored;
  for (const IgnoreList* list : {&ground.exclude, &ground.excludes_file})
    if (const auto verdict = list->judge(path, name_at, directory); verdict != IgnoreVerdict::none)
      return verdict == IgnoreVerdict::ignored;
  return false;
}

bool Walker::excluded(const std::string& path, bool directory) const {
  return any_matches(options_.exclude, directory ? path + "/" : path);
}

void Walker::walk_piece(Worker& worker, int folder, const std::shared_ptr<const Folder>& node, const Task& task) {
  worker.path = task.path;
  if (!worker.path.empty()) worker.path += '/';
  const std::size_t name_at = worker.path.size();
  const bool ignore_case = node->ground != nullptr && node->ground->ignore_case;
  for (DirectoryEntry entry; worker.reader.next(folder, entry);) {
    if (is_dot_git(entry.name, ignore_case)) continue;
    worker.path.resize(name_at);
    worker.path += entry.name;
    walk_entry(worker, folder, node, task, entry, name_at);
  }
}

void Walker::walk_entry(Worker& worker, int folder, const std::shared_ptr<const Folder>& node, const Task& task,
                        const DirectoryEntry& entry, std::size_t name_at) {
  const bool directory = entry.kind == FileKind::folder;
  const bool left_out =
      node->ground != nullptr && (task.only_tracked || ignored(*node, worker.path, name_at, directory));
  if (!options_.exclude.empty() && excluded(worker.path, directory))
    return worker.skipped.skip("excluded", directory ? worker.path + "/" : worker.path);
  if (directory) return walk_sub_folder(worker, node, task, left_out);

  WalkedFile file;
  file.path = worker.path;
  file.name = file.path.substr(name_at);
  file.folder = folder;
  if (node->ground != nullptr) {
    file.index_ = &node->ground->index;
    file.entries_ = task.entries;
    file.prefix_ = node->ground->prefix.size();
  }
  Coverage& coverage = worker.skipped;
  const bool asked = asked_ignored_ && node->ground == first_ground_;
  file.ignored = (left_out || asked) && !file.tracked();
  if (left_out && file.ignored && !options_.all_files) return coverage.skip("ignored", file.path);
  if (entry.kind == FileKind::link) return coverage.skip("symlink", file.path);
  if (entry.kind == FileKind::other) return coverage.skip("special-file", file.path);
  visit_(worker.number, file);
}

void Walker::walk_sub_folder(Worker& worker, const std::shared_ptr<const Folder>& node, const Task& task,
                             bool ignored) {
  Task below;
  if (node->ground != nullptr) {
    const Index& index = node->ground->index;
    const std::size_t prefix = node->ground->prefix.size();
    worker.path += '/';
    below.entries = index.below(std::string_view(worker.path).substr(prefix), task.entries);
    worker.path.pop_back();
    // Tracked content is looked at even in an ignored folder; a submodule is one entry, the folder's own name.
    if (ignored && !options_.all_files && below.entries.empty() &&
        index.find(std::string_view(worker.path).substr(prefix), task.entries).empty())
      return worker.skipped.skip("ignored", worker.path);
  }
  below.only_tracked = ignored;
  below.path = worker.path;
  below.parent = node;
  worker.found.push_back(std::move(below));
}

Result<WalkSummary> walk_worktree(const Target& target, const WalkOptions& options, const Environment& environment,
                                  const Visit& visit) {
  return Walker(target, options, environment, visit).run();
}

}  // namespace launchgate::git
