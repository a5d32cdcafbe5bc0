// Where the time of a history scan goes: every blob of the repository named on the command line (a .git folder), on one
// thread. Each line does what the one before does, and one thing more. With --check behind the name it proves itself
// instead: of every blob the SHA-1 is its name, and the matches that moved along are those of a scan of the whole.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <vector>

#include "libscan/core/sha1.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/pack_store.hpp"
#include "libscan/git/pack_walk.hpp"
#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/match_tracker.hpp"

using namespace launchgate;

namespace {

enum class Depth { walk, match, check };

class Visitor : public git::BlobVisitor {
 public:
  Visitor(const secrets::Matcher& matcher, Depth depth)
      : matcher_(matcher), depth_(depth), scratch_(std::move(*matcher.scratch())), tracker_(matcher, *scratch_) {}

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
    if (depth_ == Depth::check) check(blob, own.matches());
  }
  std::uint64_t scanned() const { return tracker_.bytes_scanned(); }

  std::uint64_t blobs = 0, bytes = 0, matches = 0, with_matches = 0, wrong_bytes = 0, wrong_matches = 0;
  const std::vector<git::Oid>* names = nullptr;  // of what is walked, for check

 private:
  void check(const git::WalkedBlob& blob, const std::vector<secrets::Match>& moved) {
    object_ = fmt::format("blob {}", blob.bytes.size());
    object_.push_back('\0');
    object_.append(blob.bytes);
    if (blob.wanted != git::PackFamilies::kNone) wrong_bytes += sha1_hex(object_) != (*names)[blob.wanted].hex();
    candidates_.clear();
    whole_.clear();
    matcher_.find_candidates(blob.bytes, {0, blob.bytes.size()}, *scratch_, candidates_);
    matcher_.confirm(blob.bytes, candidates_, *scratch_, whole_);
    wrong_matches += !std::equal(moved.begin(), moved.end(), whole_.begin(), whole_.end(), [](auto& a, auto& b) {
      return a.rule == b.rule && a.whole == b.whole && a.secret == b.secret;
    });
  }

  const secrets::Matcher& matcher_;
  Depth depth_;
  std::string object_;
  std::vector<secrets::Candidate> candidates_;
  std::vector<secrets::Match> whole_;
  secrets::Matcher::ScratchPtr scratch_;
  secrets::MatchTracker tracker_;
  std::vector<secrets::TrackedMatches> slots_;
};

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

int main(int argc, char** argv) {
  const bool check = argc == 3 && std::string_view(argv[2]) == "--check";
  if (argc != 2 && !check) return 2;
  git::Repository repository;
  repository.object_dir = std::string(argv[1]) + "/objects";
  const auto packs = git::open_packs(git::object_directories(repository), repository.format);
  auto matcher = secrets::builtin_matcher();
  if (!matcher) return 1;
  const auto context = matcher->front_context();
  fmt::print("the front end looks {} bytes back and {} ahead\n", context.before, context.behind);
  for (const Depth depth : check ? std::vector{Depth::check} : std::vector{Depth::walk, Depth::match}) {
    Visitor visitor(*matcher, depth);
    double made = 0;
    const auto start = std::chrono::steady_clock::now();
    for (const auto& pack : packs) {
      const auto begin = std::chrono::steady_clock::now();
      std::vector<git::Oid> all;
      for (std::uint32_t i = 0; i < pack->size(); ++i) all.push_back(pack->id_at(i));
      visitor.names = &all;
      std::vector<bool> taken(all.size(), false);
      const git::PackFamilies families(
          *pack, [&](std::size_t i) -> const git::Oid& { return all[i]; }, taken);
      made += seconds_since(begin);
      git::FamilyWalker walker;
      std::vector<std::uint32_t> failed;
      for (std::size_t i = 0; i < families.size(); ++i) walker.walk(families, i, visitor, failed);
    }
    fmt::print("{:<30} {:6.2f} s  (families found in {:.2f} s)\n",
               depth == Depth::walk ? "walk" : "+ front end and confirm", seconds_since(start), made);
    if (depth == Depth::walk) continue;
    fmt::print("{} blobs, {} MB, {} MB given to the front end; {} matches in {}\n", visitor.blobs, visitor.bytes >> 20,
               visitor.scanned() >> 20, visitor.matches, visitor.with_matches);
    if (check)
      fmt::print("checked: {} blobs with other bytes than their name says, {} with other matches than scanned whole\n",
                 visitor.wrong_bytes, visitor.wrong_matches);
    if (visitor.wrong_bytes + visitor.wrong_matches > 0) return 1;
  }
}
