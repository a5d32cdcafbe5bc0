#include "libscan/git/object_reader.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "libscan/core/text.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/inflate.hpp"
#include "libscan/git/pack_store.hpp"

namespace launchgate::git {
namespace {

constexpr std::size_t kMaxDirs = 64;
constexpr std::size_t kAlternatesFile = 1 << 20;

// The directories of info/alternates, one a line, relative to the object directory it belongs to, and theirs in turn.
void add_with_alternates(std::string dir, std::vector<std::string>& dirs) {
  std::vector<std::string> waiting = {std::move(dir)};
  while (!waiting.empty() && dirs.size() < kMaxDirs) {
    std::string one = std::move(waiting.back());
    waiting.pop_back();
    one = real_path(one).value_or(one);
    if (std::find(dirs.begin(), dirs.end(), one) != dirs.end()) continue;
    const auto text = read_small_file(one + "/info/alternates", kAlternatesFile);
    for (std::string_view rest = text && *text ? std::string_view(**text) : ""; !rest.empty();) {
      const std::size_t end = std::min(rest.find('\n'), rest.size());
      if (const std::string_view line = rest.substr(0, end); !line.empty() && line.front() != '#')
        waiting.push_back(join_path(one, line));
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    dirs.push_back(std::move(one));
  }
}

// "blob 1234" NUL; the bytes that follow must be exactly that many.
std::optional<Object> parse_loose(std::string_view bytes) {
  constexpr std::pair<std::string_view, ObjectType> kTypes[] = {{"commit ", ObjectType::commit},
                                                                {"tree ", ObjectType::tree},
                                                                {"blob ", ObjectType::blob},
                                                                {"tag ", ObjectType::tag}};
  for (const auto& [word, type] : kTypes) {
    if (bytes.substr(0, word.size()) != word) continue;
    bytes.remove_prefix(word.size());
    std::uint64_t size = 0;
    std::size_t digits = 0;
    while (digits < bytes.size() && digits < 12 && bytes[digits] >= '0' && bytes[digits] <= '9')
      size = 10 * size + static_cast<std::uint64_t>(bytes[digits++] - '0');
    if (digits == 0 || digits == bytes.size() || bytes[digits] != '\0' || bytes.size() - digits - 1 != size) break;
    return Object{type, bytes.substr(digits + 1)};
  }
  return std::nullopt;
}

Unexpected missing(const Oid& oid, std::string_view what) {
  return fail(ErrorCode::undecided, "object " + oid.hex() + ": " + std::string(what),
              "a shallow or partial clone lacks objects: fetch with full depth and without --filter; "
              "otherwise `git fsck` tells what is damaged");
}

Unexpected too_large(const Oid& oid) {
  return fail(ErrorCode::undecided,
              "object " + oid.hex() + ": larger than " + std::to_string(ObjectReader::kMaxBytes >> 20) + " MiB",
              "scan the file itself with `launchgate scan FILE`");
}

}  // namespace

std::vector<std::string> object_directories(const Repository& repository) {
  std::vector<std::string> dirs;
  add_with_alternates(repository.object_dir, dirs);
  for (const std::string& dir : repository.alternate_dirs) add_with_alternates(dir, dirs);
  return dirs;
}

struct ObjectReader::Impl {
  std::vector<std::string> dirs;
  ObjectFormat format = ObjectFormat::sha1;
  std::optional<PackStore> packs;
  bool packs_first = false;  // the last object came out of a pack: the next probably will
  Inflater inflater;
  std::string deflated;  // a loose file as it lies on disk
  Buffer room;           // what it inflates to

  Result<std::optional<Object>> read_loose(const Oid& oid);
  Result<std::optional<Object>> read_loose(const std::string& dir, const Oid& oid);
  std::optional<Object> read_packed(const Oid& oid);
  Unexpected not_found(const Oid& oid) const;
  Result<Object> read_again(const Oid& oid);
};

ObjectReader::ObjectReader(const Repository& repository) : impl_(std::make_unique<Impl>()) {
  impl_->format = repository.format;
  impl_->dirs = object_directories(repository);
  impl_->packs.emplace(impl_->dirs, impl_->format);
}
ObjectReader::ObjectReader(ObjectReader&&) noexcept = default;
ObjectReader& ObjectReader::operator=(ObjectReader&&) noexcept = default;
ObjectReader::~ObjectReader() = default;

Result<std::optional<Object>> ObjectReader::Impl::read_loose(const std::string& dir, const Oid& oid) {
  const std::string name = oid.hex();
  auto file = read_small_file(dir + "/" + name.substr(0, 2) + "/" + name.substr(2), kMaxBytes);
  if (!file) return Unexpected{std::move(file).error()};
  if (!*file) return std::optional<Object>();
  deflated = std::move(**file);
  // Nothing says the size beforehand; text shrinks to a third or so. The room grows until it fits.
  for (std::size_t wanted = std::max<std::size_t>(64 * 1024, 6 * deflated.size());; wanted *= 4) {
    char* out = room.room(std::min(wanted, kMaxBytes));
    std::size_t size = 0;
    switch (inflater.inflate(deflated, out, room.capacity(), size)) {
      case Inflater::Outcome::done: {
        const auto parsed = parse_loose({out, size});
        if (!parsed) return missing(oid, "its file is damaged");
        return parsed;
      }
      case Inflater::Outcome::damaged: return missing(oid, "its file is damaged");
      case Inflater::Outcome::more_room: break;
    }
    if (room.capacity() >= kMaxBytes) return too_large(oid);
  }
}

Result<std::optional<Object>> ObjectReader::Impl::read_loose(const Oid& oid) {
  for (const std::string& dir : dirs) {
    auto loose = read_loose(dir, oid);
    if (!loose || *loose) return loose;
  }
  return std::optional<Object>();
}

std::optional<Object> ObjectReader::Impl::read_packed(const Oid& oid) {
  const auto found = packs->read(oid, kMaxBytes);
  if (!found) return std::nullopt;
  switch (found->kind) {
    case PackEntry::Kind::commit: return Object{ObjectType::commit, found->bytes};
    case PackEntry::Kind::tree: return Object{ObjectType::tree, found->bytes};
    case PackEntry::Kind::tag: return Object{ObjectType::tag, found->bytes};
    default: return Object{ObjectType::blob, found->bytes};
  }
}

// What is to blame: a file that should have it, or a clone that was made without it.
Unexpected ObjectReader::Impl::not_found(const Oid& oid) const {
  const std::string suspect = packs->suspect(oid);
  if (suspect.empty()) return missing(oid, "is not in this repository");
  return fail(ErrorCode::undecided,
              fmt::format("object {}: not to be had: {} is cut short or damaged, or lacks its other half (.idx, .pack)",
                          oid.hex(), printable(suspect)),
              "`git fsck` tells what is damaged; a fresh clone mends it");
}

// Meanwhile it may have gone from a loose file into a pack, or from one pack into another.
Result<Object> ObjectReader::Impl::read_again(const Oid& oid) {
  if (packs->too_large()) return too_large(oid);
  if (packs->look_for_new()) {
    if (const auto packed = read_packed(oid)) return *packed;
    if (packs->too_large()) return too_large(oid);
  }
  auto loose = read_loose(oid);
  if (!loose) return Unexpected{std::move(loose).error()};
  return *loose ? Result<Object>(**loose) : Result<Object>(not_found(oid));
}

Result<Object> ObjectReader::read(const Oid& oid) {
  if (impl_->packs_first)
    if (const auto packed = impl_->read_packed(oid)) return *packed;
  auto loose = impl_->read_loose(oid);
  if (loose && *loose) {
    impl_->packs_first = false;
    return **loose;
  }
  if (!impl_->packs_first)
    if (const auto packed = impl_->read_packed(oid)) {
      impl_->packs_first = true;
      return *packed;
    }
  if (!loose) return Unexpected{std::move(loose).error()};
  return impl_->read_again(oid);
}

Result<Object> ObjectReader::read(const Oid& oid, ObjectType type) {
  auto object = read(oid);
  if (object && object->type != type) return missing(oid, "is of another kind than its place says");
  return object;
}

Result<SharedBytes> ObjectReader::read_tree(const Oid& oid) {
  auto object = read(oid, ObjectType::tree);
  if (!object) return Unexpected{std::move(object).error()};
  if (const SharedBytes& latest = impl_->packs->latest(); latest.data && latest.data.get() == object->bytes.data())
    return latest;
  SharedBytes copy = SharedBytes::make(object->bytes.size());
  std::memcpy(copy.data.get(), object->bytes.data(), object->bytes.size());
  return copy;
}

void ObjectReader::expect_many(std::size_t cache_bytes) { impl_->packs->expect_many(cache_bytes); }

Result<bool> ObjectReader::exists(const Oid& oid) {
  const std::string name = oid.hex();
  for (const std::string& dir : impl_->dirs)
    if (path_exists(dir + "/" + name.substr(0, 2) + "/" + name.substr(2))) return true;
  if (impl_->packs->contains(oid)) return true;
  return impl_->packs->look_for_new() && impl_->packs->contains(oid);
}

Result<Oid> ObjectReader::tree_of(const Oid& commit) {
  Oid at = commit;
  // "tree <hex>" starts a commit, "object <hex>" a tag; a tag of a tag of a tag is deep enough.
  for (int depth = 0; depth < 8; ++depth) {
    auto object = read(at);
    if (!object) return Unexpected{std::move(object).error()};
    if (object->type == ObjectType::tree) return at;
    const std::string_view word = object->type == ObjectType::commit ? "tree " : "object ";
    const std::size_t digits = 2 * id_size(impl_->format);
    if (object->type == ObjectType::blob || object->bytes.substr(0, word.size()) != word) break;
    const auto next = Oid::from_hex(object->bytes.substr(word.size(), digits));
    if (!next) break;
    if (object->type == ObjectType::commit) return *next;
    at = *next;
  }
  return missing(commit, "is no commit");
}

}  // namespace launchgate::git
