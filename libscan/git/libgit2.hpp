// libgit2, loaded when it is first needed.
//
// Distribution builds of libgit2 pull in some twenty shared libraries and cost 16 ms of start-up, more than a whole
// hook may take; and nearly every run of ours never needs it: it reads what our own readers decline. So it is not
// linked but opened, through one table of typed pointers. Adding a function is one line in LG_LIBGIT2_FUNCTIONS.
//
// Only the version whose headers we were built with is accepted: its structures are part of the interface.
// Thread-safety: libgit2() may be called from any thread. Libgit2's own objects are not to be shared between threads:
// one repository handle each.
// Include this from .cpp files of libscan/git only.
#pragma once

#include <git2.h>

#include <memory>
#include <string>
#include <string_view>

#include "libscan/core/result.hpp"

namespace launchgate::git {

// clang-format cannot settle on one form of this table.
// clang-format off
#define LG_LIBGIT2_FUNCTIONS(X) \
  X(git_libgit2_init) \
  X(git_libgit2_opts) \
  X(git_libgit2_version) \
  X(git_error_last) \
  X(git_oid_fromstr) \
  X(git_oid_cpy) \
  X(git_oid_cmp) \
  X(git_repository_open) \
  X(git_repository_open_ext) \
  X(git_repository_free) \
  X(git_repository_odb) \
  X(git_repository_is_shallow) \
  X(git_repository_path) \
  X(git_odb_open) \
  X(git_odb_new) \
  X(git_odb_free) \
  X(git_odb_read) \
  X(git_odb_read_header) \
  X(git_odb_exists) \
  X(git_odb_foreach) \
  X(git_odb_add_disk_alternate) \
  X(git_odb_add_backend) \
  X(git_odb_backend_one_pack) \
  X(git_odb_object_data) \
  X(git_odb_object_size) \
  X(git_odb_object_type) \
  X(git_odb_object_id) \
  X(git_odb_object_free) \
  X(git_repository_wrap_odb) \
  X(git_object_lookup) \
  X(git_object_free) \
  X(git_object_id) \
  X(git_object_type) \
  X(git_commit_lookup) \
  X(git_commit_free) \
  X(git_commit_tree_id) \
  X(git_commit_tree) \
  X(git_commit_parentcount) \
  X(git_commit_parent_id) \
  X(git_commit_time) \
  X(git_commit_author) \
  X(git_commit_message) \
  X(git_commit_id) \
  X(git_tree_lookup) \
  X(git_tree_free) \
  X(git_tree_entrycount) \
  X(git_tree_entry_byindex) \
  X(git_tree_entry_id) \
  X(git_tree_entry_name) \
  X(git_tree_entry_filemode) \
  X(git_revwalk_new) \
  X(git_revwalk_free) \
  X(git_revwalk_push) \
  X(git_revwalk_hide) \
  X(git_revwalk_next) \
  X(git_revwalk_sorting) \
  X(git_revparse_single) \
  X(git_reference_foreach_name) \
  X(git_reference_name_to_id)
// clang-format on

struct LibGit2 {
#define LG_DECLARE(name) decltype(&::name) name = nullptr;  // NOLINT(bugprone-macro-parentheses): a declaration
  LG_LIBGIT2_FUNCTIONS(LG_DECLARE)
#undef LG_DECLARE

  // The last failure on this thread as an Error: `what` is prefixed with `doing`.
  Unexpected failure(std::string_view doing, ErrorCode code = ErrorCode::undecided) const;
};

// The loaded and initialised library, or an Error (undecided) that says what to install.
Result<const LibGit2*> libgit2();

// Calls the right free function at the end of a scope: Handle<git_tree>(tree, git2->git_tree_free).
template <class T>
using Handle = std::unique_ptr<T, void (*)(T*)>;

}  // namespace launchgate::git
