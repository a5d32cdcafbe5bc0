#include "libscan/git/index.hpp"

#include <algorithm>

#include "libscan/git/index_reader.hpp"

namespace launchgate::git {

using namespace index_format;

Result<Index> Index::open(const std::string& path, ObjectFormat format, const std::string& shared_dir) {
  auto file = MappedFile::open(path, kMaxBytes);
  if (!file) return fail(ErrorCode::undecided, file.error().what, "the index says which files are tracked");
  if (!*file) return Index();
  auto index = IndexReader((*file)->bytes(), path, format, shared_dir).read();
  if (index) index->file_ = std::move(**file);
  return index;
}

Result<Index> Index::parse(std::string_view bytes, ObjectFormat format, const std::string& shared_dir) {
  return IndexReader(bytes, "index", format, shared_dir).read();
}

IndexEntry Index::entry(std::uint32_t i) const noexcept {
  const char* p = bytes() + offsets_[i];
  const std::uint16_t flags = get16(p + kOidOffset + id_size(format_));
  const std::uint16_t more = (flags & kExtended) != 0 ? get16(p + kOidOffset + id_size(format_) + 2) : 0;
  IndexEntry entry;
  entry.path = path(i);
  entry.oid = Oid::from_raw(reinterpret_cast<const std::uint8_t*>(p + kOidOffset), format_);
  entry.mode = get32(p + kModeOffset);
  entry.stage = static_cast<std::uint8_t>(flags >> kStageShift & 3);
  entry.intent_to_add = (more & kIntentToAdd) != 0;
  entry.skip_worktree = (more & kSkipWorktree) != 0;
  entry.assume_valid = (flags & kAssumeValid) != 0;
  return entry;
}

std::string_view Index::path(std::uint32_t i) const noexcept {
  const char* p = bytes() + offsets_[i] + kOidOffset + id_size(format_);
  const std::uint16_t flags = get16(p);
  p += (flags & kExtended) != 0 ? 4 : 2;
  const std::size_t length = flags & kLengthMask;
  return {p, length < kLengthMask ? length : std::strlen(p)};  // the reader saw the NUL
}

namespace {

// The first position of `range` for which `before` no longer holds.
template <class Before>
std::uint32_t partition(IndexRange range, Before before) noexcept {
  while (!range.empty()) {
    const std::uint32_t middle = range.begin + range.size() / 2;
    if (before(middle))
      range.begin = middle + 1;
    else
      range.end = middle;
  }
  return range.begin;
}

}  // namespace

IndexRange Index::below(std::string_view prefix, IndexRange within) const noexcept {
  if (prefix.empty()) return within;
  const std::uint32_t begin = partition(within, [&](std::uint32_t i) { return path(i) < prefix; });
  const std::uint32_t end =
      partition({begin, within.end}, [&](std::uint32_t i) { return path(i).substr(0, prefix.size()) == prefix; });
  return {begin, end};
}

IndexRange Index::find(std::string_view wanted, IndexRange within) const noexcept {
  const std::uint32_t begin = partition(within, [&](std::uint32_t i) { return path(i) < wanted; });
  std::uint32_t end = begin;
  while (end < within.end && end - begin < 4 && path(end) == wanted) ++end;  // at most stages 0 to 3
  return {begin, end};
}

// --- Reading ---

IndexReader::IndexReader(std::string_view bytes, std::string name, ObjectFormat format, std::string shared_dir)
    : bytes_(bytes), name_(std::move(name)), shared_dir_(std::move(shared_dir)), id_size_(id_size(format)) {
  index_.format_ = format;
  index_.view_ = bytes;
}

Result<Index> IndexReader::read() {
  for (auto step : {&IndexReader::read_header, &IndexReader::read_entries_in_place,
                    &IndexReader::read_compressed_entries, &IndexReader::read_extensions, &IndexReader::finish})
    if (auto done = (this->*step)(); !done) return Unexpected{std::move(done).error()};
  return std::move(index_);
}

Result<void> IndexReader::read_header() {
  constexpr std::size_t kHeader = 12;
  if (bytes_.size() > Index::kMaxBytes) return damaged("too large");
  if (bytes_.size() < kHeader + id_size_) return damaged("cut short");
  if (bytes_.substr(0, 4) != "DIRC") return damaged("not an index");
  version_ = get32(bytes_.data() + 4);
  count_ = get32(bytes_.data() + 8);
  if (version_ < 2 || version_ > 4) return damaged("version " + std::to_string(version_) + " is unknown to launchgate");
  bytes_.remove_suffix(id_size_);  // the checksum over everything before it
  at_ = kHeader;
  const std::size_t least = kOidOffset + id_size_ + 2 + 1;
  if (count_ > (bytes_.size() - at_) / least) return damaged("claims more entries than it can hold");
  index_.offsets_.reserve(count_);
  return {};
}

std::size_t IndexReader::fixed_size(const char* entry) const noexcept {
  const std::size_t flags = kOidOffset + id_size_;
  return flags + ((get16(entry + flags) & kExtended) != 0 ? 4 : 2);
}

Result<void> IndexReader::read_entries_in_place() {
  if (version_ == 4) return {};
  for (std::uint32_t i = 0; i < count_; ++i) {
    const char* entry = bytes_.data() + at_;
    const std::size_t left = bytes_.size() - at_;
    if (left < kOidOffset + id_size_ + 2 + 1) return damaged("cut short in an entry");
    const std::size_t fixed = fixed_size(entry);
    const std::uint16_t flags = get16(entry + kOidOffset + id_size_);
    if (version_ == 2 && (flags & kExtended) != 0) return damaged("an entry with flags its version does not have");
    if (left <= fixed) return damaged("cut short in an entry");
    std::size_t length = flags & kLengthMask;
    if (length == kLengthMask) {
      const void* end = std::memchr(entry + fixed, 0, std::min(left - fixed, Index::kMaxPath));
      if (end == nullptr) return damaged("a path without end");
      length = static_cast<std::size_t>(static_cast<const char*>(end) - (entry + fixed));
    }
    const std::size_t size = padded(fixed + length);
    if (left < size) return damaged("cut short in a path");
    // A shorter text than announced would make two readers see two different paths.
    if (std::memchr(entry + fixed, 0, length) != nullptr || entry[fixed + length] != '\0')
      return damaged("a path of another length than announced");
    index_.offsets_.push_back(static_cast<std::uint32_t>(at_));
    at_ += size;
  }
  return {};
}

// Version 4: each path says how many bytes to drop from the end of the one before, and what to put there. No padding.
Result<void> IndexReader::read_compressed_entries() {
  if (version_ != 4) return {};
  std::string path;
  for (std::uint32_t i = 0; i < count_; ++i) {
    const char* entry = bytes_.data() + at_;
    const std::size_t left = bytes_.size() - at_;
    if (left < kOidOffset + id_size_ + 2 + 2) return damaged("cut short in an entry");
    std::size_t used = fixed_size(entry);
    const std::string_view fixed(entry, used);
    // The number is in the form pack files use for offsets: seven bits a byte, one added at each continuation.
    std::uint64_t drop = 0;
    for (unsigned char byte = 0x80; (byte & 0x80) != 0;) {
      if (used >= left || drop > Index::kMaxPath) return damaged("a path prefix of impossible length");
      byte = static_cast<unsigned char>(entry[used]);
      drop = (used++ == fixed.size() ? 0 : (drop + 1) << 7) | (byte & 0x7f);
    }
    const std::string_view rest(entry + used, left - used);
    const std::size_t length = rest.substr(0, Index::kMaxPath).find('\0');
    if (drop > path.size()) return damaged("a path prefix of impossible length");
    if (length == std::string_view::npos) return damaged("a path without end");
    path.resize(path.size() - static_cast<std::size_t>(drop));
    path += rest.substr(0, length);
    if (path.size() > Index::kMaxPath || !write_entry(fixed, path, index_.owned_, index_.offsets_))
      return damaged("too large");
    at_ += used + length + 1;
  }
  return {};
}

bool IndexReader::write_entry(std::string_view fixed, std::string_view path, std::vector<char>& out,
                              std::vector<std::uint32_t>& offsets) const {
  const std::size_t start = out.size();
  const std::size_t size = padded(fixed.size() + path.size());
  if (start + size > Index::kMaxBytes) return false;
  offsets.push_back(static_cast<std::uint32_t>(start));
  out.insert(out.end(), fixed.begin(), fixed.end());
  out.insert(out.end(), path.begin(), path.end());
  out.resize(start + size, '\0');
  // The announced length must fit the path we wrote.
  const std::size_t at = start + kOidOffset + id_size_;
  const auto flags =
      static_cast<std::uint16_t>((get16(&out[at]) & ~kLengthMask) | std::min<std::size_t>(path.size(), kLengthMask));
  out[at] = static_cast<char>(flags >> 8);
  out[at + 1] = static_cast<char>(flags & 0xff);
  return true;
}

// Extensions whose name starts with a capital may be passed over; any other changes what the entries mean.
Result<void> IndexReader::read_extensions() {
  std::string_view link;
  while (bytes_.size() - at_ >= 8) {
    const std::string_view name = bytes_.substr(at_, 4);
    const std::size_t size = get32(bytes_.data() + at_ + 4);
    at_ += 8;
    if (size > bytes_.size() - at_) return damaged("cut short in an extension");
    const std::string_view body = bytes_.substr(at_, size);
    at_ += size;
    if (name == "link") {
      split_ = true;
      link = body;
    } else if (name == "TREE") {
      if (!read_cached_trees(body)) index_.trees_.clear();
    } else if (name != "sdir" && (name.front() < 'A' || name.front() > 'Z')) {
      return damaged("holds the extension '" + std::string(name) + "', unknown to launchgate");
    }
  }
  if (split_) return read_link(link);
  return {};
}

Result<void> IndexReader::finish() {
  std::string_view before;
  std::uint8_t stage_before = 0;
  for (std::uint32_t i = 0; i < index_.size(); ++i) {
    const char* p = index_.bytes() + index_.offsets_[i];
    const std::string_view path = index_.path(i);
    const std::uint16_t flags = get16(p + kOidOffset + id_size_);
    const auto stage = static_cast<std::uint8_t>(flags >> kStageShift & 3);
    if (path.empty()) return damaged("an entry without path");
    // Look-ups are binary searches: what is out of order would not be found.
    if (const int order = before.compare(path); order > 0 || (order == 0 && stage_before >= stage && i > 0))
      return damaged("entries out of order");
    before = path;
    stage_before = stage;
    if ((get32(p + kModeOffset) & kModeType) == kModeSubmodule) index_.submodules_.push_back(i);
    if ((flags & kExtended) != 0 && (get16(p + kOidOffset + id_size_ + 2) & kSkipWorktree) != 0) ++index_.skipped_;
  }
  return {};
}

// A node: path NUL, number of entries, blank, number of children, newline, and the oid unless the first is negative.
bool IndexReader::read_cached_trees(std::string_view body) {
  std::vector<CachedTree>& nodes = index_.trees_;
  nodes.clear();
  struct Open {
    std::size_t node;
    std::uint32_t left;  // children still to come
  };
  std::vector<Open> open;
  const auto number = [&body](char end) -> std::int64_t {
    constexpr std::int64_t kBad = -2;
    const bool negative = !body.empty() && body.front() == '-';
    if (negative) body.remove_prefix(1);
    std::int64_t value = 0;
    std::size_t digits = 0;
    while (digits < body.size() && digits < 10 && body[digits] >= '0' && body[digits] <= '9')
      value = 10 * value + (body[digits++] - '0');
    if (digits == 0 || digits == body.size() || body[digits] != end) return kBad;
    body.remove_prefix(digits + 1);
    return negative ? -1 : value;
  };
  while (!body.empty()) {
    if (!nodes.empty() && open.empty()) return false;  // a second root
    CachedTree node;
    const std::size_t nul = body.find('\0');
    if (nul == std::string_view::npos) return false;
    node.name = body.substr(0, nul);
    body.remove_prefix(nul + 1);
    const std::int64_t entries = number(' ');
    const std::int64_t children = number('\n');
    if (entries < -1 || children < 0 || static_cast<std::uint64_t>(children) > body.size() + 1) return false;
    node.entries = entries;
    node.children = static_cast<std::uint32_t>(children);
    if (entries >= 0) {
      if (body.size() < id_size_) return false;
      node.oid = Oid::from_raw(reinterpret_cast<const std::uint8_t*>(body.data()), index_.format_);
      body.remove_prefix(id_size_);
    }
    if (!open.empty()) --open.back().left;
    open.push_back({nodes.size(), node.children});
    nodes.push_back(node);
    while (!open.empty() && open.back().left == 0) {
      CachedTree& done = nodes[open.back().node];
      done.skip = static_cast<std::uint32_t>(nodes.size() - open.back().node);
      open.pop_back();
    }
  }
  return open.empty();
}

}  // namespace launchgate::git
