// Where the time of a history scan goes: every blob of the repository named on the command line (a .git folder), on one
// thread. Each line does what the one before does, and one thing more.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "libscan/git/object_reader.hpp"
#include "libscan/git/pack_store.hpp"
#include "libscan/git/pack_walk.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/match_tracker.hpp"

using namespace launchgate;

namespace {

enum class Depth { walk, match };

class Visitor : public git::BlobVisitor {
 public:
  Visitor(const secrets::Matcher& matcher, Depth depth)
      : depth_(depth), scratch_(std::move(*matcher.scratch())), tracker_(matcher, *scratch_) {}

  void visit(const git::WalkedBlob& blob) override {
    ++blobs;
    bytes += blob.bytes.size();
    if (depth_ == Depth::walk) return;
    if (slots_.size() <= blob.slot) slots_.resize(blob.slot + 1);
    secrets::TrackedMatches& own = slots_[blob.slot];
    if (blob.base_slot == git::WalkedBlob::kNoBase)
      tracker_.whole(blob.bytes, own);
    else
      tracker_.inherit(blob.bytes, blob.copies, slots_[blob.base_slot], own);
    matches += own.matches().size();
    with_matches += !own.matches().empty();
  }
  std::uint64_t scanned() const { return tracker_.bytes_scanned(); }

  std::uint64_t blobs = 0, bytes = 0, matches = 0, with_matches = 0;

 private:
  Depth depth_;
  secrets::Matcher::ScratchPtr scratch_;
  secrets::MatchTracker tracker_;
  std::vector<secrets::TrackedMatches> slots_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) return 2;
  git::Repository repository;
  repository.object_dir = std::string(argv[1]) + "/objects";
  const auto packs = git::open_packs(git::object_directories(repository), repository.format);
  auto matcher = secrets::builtin_matcher();
  if (!matcher) return 1;
  fmt::print("front forms are at most {} bytes wide\n", matcher->front_width());
  for (const Depth depth : {Depth::walk, Depth::match}) {
    Visitor visitor(*matcher, depth);
    double made = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const auto& pack : packs) {
      const auto begin = std::chrono::steady_clock::now();
      std::vector<git::Oid> all;
      for (std::uint32_t i = 0; i < pack->size(); ++i) all.push_back(pack->id_at(i));
      std::vector<bool> taken(all.size(), false);
      const git::PackFamilies families(*pack, all, taken);
      made += seconds_since(begin);
      git::FamilyWalker walker;
      std::vector<std::uint32_t> failed;
      for (std::size_t i = 0; i < families.size(); ++i) walker.walk(families, i, visitor, failed);
    }
    fmt::print("{:<30} {:6.2f} s  (families found in {:.2f} s)\n",
               depth == Depth::walk ? "walk" : "+ front end and confirm", seconds_since(start), made);
    if (depth == Depth::match)
      fmt::print("{} blobs, {} MB, {} MB given to the front end; {} matches in {}\n", visitor.blobs,
                 visitor.bytes >> 20, visitor.scanned() >> 20, visitor.matches, visitor.with_matches);
  }
}
