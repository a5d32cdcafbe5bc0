// Split index: a small file of changes over a large shared one (git-update-index(1), --split-index).
//
// The "link" extension names the shared file and holds two bitmaps over its entries: which are gone, and which are
// replaced. The changed file then holds the replacements, in order and without path, and after them what is new.
#include <algorithm>

#include "libscan/core/text.hpp"
#include "libscan/git/index_reader.hpp"

namespace launchgate::git {

using namespace index_format;

Unexpected IndexReader::damaged(std::string_view what) const {
  return fail(ErrorCode::undecided, printable(name_) + ": " + printable(what),
              "if git cannot read it either, `git reset` makes a new index");
}

Result<void> IndexReader::read_link(std::string_view body) {
  if (is_shared_) return damaged("a shared index that leads to another one");
  if (body.size() < id_size_) return damaged("cut short in the link to the shared index");
  const Oid base = Oid::from_raw(reinterpret_cast<const std::uint8_t*>(body.data()), index_.format_);
  body.remove_prefix(id_size_);
  if (base.is_zero()) return {};  // split, but with nothing shared: the entries are complete

  const std::string path = shared_dir_ + "/sharedindex." + base.hex();
  auto file = MappedFile::open(path, Index::kMaxBytes);
  if (!file || !*file) return damaged("its shared index " + path + " is missing or cannot be read");
  IndexReader reader((*file)->bytes(), path, index_.format_, shared_dir_);
  reader.is_shared_ = true;
  auto shared = reader.read();
  if (!shared) return Unexpected{std::move(shared).error()};

  std::vector<std::uint32_t> deleted, replaced;
  if (!body.empty() && (!read_bitmap(body, shared->size(), deleted) || !read_bitmap(body, shared->size(), replaced)))
    return damaged("the link to the shared index holds an impossible bitmap");
  return merge_shared(*shared, deleted, replaced);
}

// EWAH (Lemire, Kaser, Aouiche: "Sorting improves word-aligned bitmap indexes"), as in gitformat-index(5): 32 bits
// number of bits, 32 bits number of words, 64-bit words, 32 bits position of the last marker. A marker word: bit 0 the
// value of a run, bits 1-32 its length in words, bits 33-63 how many words of plain bits follow.
bool IndexReader::read_bitmap(std::string_view& body, std::uint32_t limit,
                              std::vector<std::uint32_t>& positions) const {
  if (body.size() < 8) return false;
  const std::uint64_t words = get32(body.data() + 4);
  body.remove_prefix(8);
  if (body.size() < words * 8 + 4) return false;
  const char* word = body.data();
  const char* end = word + words * 8;
  body.remove_prefix(static_cast<std::size_t>(words * 8 + 4));
  std::uint64_t bit = 0;
  while (word < end) {
    const std::uint64_t marker = get64(word);
    word += 8;
    const std::uint64_t run = (marker >> 1 & 0xffffffff) * 64;
    if ((marker & 1) != 0) {
      if (bit + run > std::uint64_t{limit} + 63) return false;
      for (std::uint64_t i = bit; i < bit + run && i < limit; ++i) positions.push_back(static_cast<std::uint32_t>(i));
    }
    bit += run;
    for (std::uint64_t plain = marker >> 33; plain > 0; --plain, word += 8, bit += 64) {
      if (word == end) return false;
      for (std::uint64_t bits = get64(word); bits != 0; bits &= bits - 1) {
        const std::uint64_t position = bit + static_cast<unsigned>(std::countr_zero(bits));
        if (position >= limit) return false;
        positions.push_back(static_cast<std::uint32_t>(position));
      }
    }
  }
  return true;
}

Result<void> IndexReader::merge_shared(const Index& shared, const std::vector<std::uint32_t>& deleted,
                                       const std::vector<std::uint32_t>& replaced) {
  struct Source {
    const char* entry;
    std::string_view path;
    std::uint8_t stage;
  };
  const auto stage_of = [this](const char* entry) {
    return static_cast<std::uint8_t>(get16(entry + kOidOffset + id_size_) >> kStageShift & 3);
  };
  const auto order = [](const Source& a, const Source& b) {
    const int c = a.path.compare(b.path);
    return c != 0 ? c < 0 : a.stage < b.stage;
  };
  const auto own = [this](std::size_t i) { return index_.bytes() + index_.offsets_[i]; };

  if (replaced.size() > index_.size()) return damaged("fewer entries than it says it replaces");
  std::vector<Source> sources;
  sources.reserve(shared.size() + index_.size());
  std::size_t next_deleted = 0, next_replaced = 0;
  for (std::uint32_t i = 0; i < shared.size(); ++i) {
    const char* entry = shared.bytes() + shared.offsets_[i];
    const bool is_replaced = next_replaced < replaced.size() && replaced[next_replaced] == i;
    if (is_replaced) entry = own(next_replaced++);
    if (next_deleted < deleted.size() && deleted[next_deleted] == i)
      ++next_deleted;
    else
      sources.push_back({entry, shared.path(i), stage_of(entry)});
  }
  const auto middle = static_cast<std::ptrdiff_t>(sources.size());
  for (std::uint32_t i = static_cast<std::uint32_t>(replaced.size()); i < index_.size(); ++i)
    sources.push_back({own(i), index_.path(i), stage_of(own(i))});
  if (!std::is_sorted(sources.begin() + middle, sources.end(), order)) return damaged("entries out of order");
  std::inplace_merge(sources.begin(), sources.begin() + middle, sources.end(), order);

  std::vector<char> out;
  std::vector<std::uint32_t> offsets;
  offsets.reserve(sources.size());
  for (std::size_t i = 0; i < sources.size(); ++i) {
    // Of two entries for one path the later, ours, counts.
    if (i + 1 < sources.size() && !order(sources[i], sources[i + 1])) continue;
    if (!write_entry({sources[i].entry, fixed_size(sources[i].entry)}, sources[i].path, out, offsets))
      return damaged("too large");
  }
  if (out.empty()) out.push_back('\0');  // owned_ non-empty: the file's own entries are done with
  index_.owned_ = std::move(out);
  index_.offsets_ = std::move(offsets);
  return {};
}

}  // namespace launchgate::git
