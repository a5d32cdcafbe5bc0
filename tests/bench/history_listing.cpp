// Where the time goes before a history's contents are scanned: its commits listed, then its files.
// usage: bench_history_listing REPOSITORY [THREADS]
#include <fmt/format.h>

#include <chrono>
#include <cstdlib>

#include "libscan/core/sha256.hpp"
#include "libscan/git/commit_walk.hpp"
#include "libscan/git/new_files.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/repository.hpp"

using namespace launchgate;

namespace {

class Clock {
 public:
  double lap() {
    const auto now = std::chrono::steady_clock::now();
    return std::chrono::duration<double>(now - std::exchange(last_, now)).count();
  }

 private:
  std::chrono::steady_clock::time_point last_ = std::chrono::steady_clock::now();
};

int complain(const Error& error) {
  fmt::print("{}\n", error.what);
  return 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  Clock clock;
  auto repository = git::find_repository(argv[1], git::Environment::from(environ));
  if (!repository || !*repository) return 1;
  git::ObjectReader objects(**repository);
  auto refs = git::list_refs(**repository);
  if (!refs) return complain(refs.error());
  std::vector<git::Oid> heads;
  for (const git::Ref& ref : *refs) {
    auto object = objects.read(ref.oid);
    if (object && object->type == git::ObjectType::commit) heads.push_back(ref.oid);
  }
  fmt::print("{:<10} {:6.3f} s  {}\n", "heads", clock.lap(), heads.size());
  const git::ListOptions options{"", false, argc > 2 ? static_cast<unsigned>(std::atoi(argv[2])) : 1};
  auto history = git::list_history(**repository, objects, heads, {}, options);
  if (!history) return complain(history.error());
  const double took = clock.lap();
  Sha256 all;
  git::ChangedFile file;
  for (const auto& entry : history->found.files.entries()) {
    history->found.files.take(entry, history->commits.commits, file);
    all.update(file.path), all.update(file.oid.hex()), all.update(file.commit.hex());
  }
  fmt::print("{:<10} {:6.3f} s  {} commits, {} files, {}\n", "history", took, history->commits.commits.size(),
             history->found.files.size(), hex(all.finish(), 16));
}
