#include "libscan/git/libgit2.hpp"

#include <dlfcn.h>

#include "libscan/core/text.hpp"

namespace launchgate::git {
namespace {

constexpr const char* kInstall = "install the package libgit2-1.5 (Debian 12) or libgit2-1.7 (Ubuntu 24.04)";

struct Loaded {
  LibGit2 table;
  std::string problem;  // empty: usable
};

// Fills the table; an empty answer means success.
std::string resolve(void* library, LibGit2& table) {
#define LG_RESOLVE(name)                                                        \
  table.name = reinterpret_cast<decltype(table.name)>(::dlsym(library, #name)); \
  if (table.name == nullptr) return "libgit2 lacks the function " #name;
  LG_LIBGIT2_FUNCTIONS(LG_RESOLVE)
#undef LG_RESOLVE
  return {};
}

Loaded load() {
  Loaded loaded;
  // RTLD_LOCAL: nothing else in the process can bind to it by accident. It is never closed.
  void* library = nullptr;
  for (const char* name : {"libgit2.so." LIBGIT2_SOVERSION, "libgit2.so"})
    if (library == nullptr) library = ::dlopen(name, RTLD_NOW | RTLD_LOCAL);
  if (library == nullptr) {
    loaded.problem = "libgit2.so." LIBGIT2_SOVERSION " cannot be loaded";
    return loaded;
  }
  loaded.problem = resolve(library, loaded.table);
  if (!loaded.problem.empty()) return loaded;
  int major = 0, minor = 0, revision = 0;
  loaded.table.git_libgit2_version(&major, &minor, &revision);
  if (major != LIBGIT2_VER_MAJOR || minor != LIBGIT2_VER_MINOR) {
    loaded.problem = "libgit2 is version " + std::to_string(major) + "." + std::to_string(minor) +
                     ", launchgate was built for " LIBGIT2_SOVERSION;
  } else if (loaded.table.git_libgit2_init() < 0) {
    loaded.problem = "libgit2 does not start";
  } else {
    // Ownership was judged by our own discovery (repository.hpp), which knows safe.directory in every form.
    loaded.table.git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
    // Hashing every object again costs 65 % of the reading time, and a wrong object could only hide itself.
    loaded.table.git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 0);
  }
  return loaded;
}

}  // namespace

Unexpected LibGit2::failure(std::string_view doing, ErrorCode code) const {
  std::string what(doing);
  const git_error* error = git_error_last();
  if (error != nullptr && error->message != nullptr) what += ": " + printable(error->message);
  return fail(code, std::move(what));
}

Result<const LibGit2*> libgit2() {
  static const Loaded loaded = load();
  if (!loaded.problem.empty()) return fail(ErrorCode::undecided, loaded.problem, kInstall);
  return &loaded.table;
}

}  // namespace launchgate::git
