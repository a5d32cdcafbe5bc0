// The front end as bytes: what the build embeds and the cache stores.
//
// A version tag, what is known of each rule, the two sieves, which rule each id of a shared layer is (empty: there is
// none) and whether the own layer is sifted, a digest of all that, and the own layer's Hyperscan database, which
// carries a checksum of its own; nothing where the sieve does without.
#include <algorithm>

#include "libscan/core/sha256.hpp"
#include "libscan/secrets/flat_bytes.hpp"
#include "libscan/secrets/matcher_impl.hpp"

namespace launchgate::secrets {
namespace {

std::string version_tag() { return std::string("LGFD " LG_VERSION " ") + FrontDatabase::library_version(); }

// Everything but the database.
struct Tables {
  std::span<const RuleFront> fronts;
  std::string_view sieve;
  std::string_view path_sieve;
  std::span<const std::uint32_t> shared;
  std::span<const std::uint8_t> sifted;  // one

  std::string digest() const {
    const auto bytes = [](auto all) {
      return std::string_view(reinterpret_cast<const char*>(all.data()), all.size_bytes());
    };
    Sha256 sum;
    sum.update(bytes(fronts)).update(sieve).update(path_sieve).update(bytes(shared)).update(bytes(sifted));
    return hex(sum.finish());
  }
  void write(FlatWriter& out) const {
    out.array(fronts);
    out.bytes(sieve);
    out.bytes(path_sieve);
    out.array(shared);
    out.array(sifted);
  }
  static Tables read(FlatReader& in) {
    Tables t;
    t.fronts = in.array<RuleFront>();
    t.sieve = in.bytes();
    t.path_sieve = in.bytes();
    t.shared = in.array<std::uint32_t>();
    t.sifted = in.array<std::uint8_t>();
    return t;
  }
};

}  // namespace

Result<std::string> Matcher::serialize() const {
  const Impl::Layer& own = impl_->layers.back();
  auto database = own.database.serialize();
  if (!database) return Unexpected{database.error()};
  const std::uint8_t sifted = own.sifted ? 1 : 0;
  Tables tables{impl_->fronts, impl_->sieve.bytes(), impl_->path_sieve.bytes(), {}, {&sifted, 1}};
  if (impl_->layers.size() > 1) tables.shared = impl_->layers.front().rules;
  FlatWriter out;
  out.bytes(version_tag());
  tables.write(out);
  out.bytes(tables.digest());
  out.bytes(*database);
  return out.take();
}

bool Matcher::Impl::load_front(std::string_view prepared, bool lasting, const Impl* base) {
  FlatReader in(prepared);
  if (in.bytes() != version_tag()) return false;
  const Tables tables = Tables::read(in);
  const std::string_view digest = in.bytes(), database = in.bytes();
  if (!in.at_end() || tables.sifted.size() != 1) return false;
  if (!lasting && digest != tables.digest()) return false;
  if (!tables.shared.empty()) {
    if (base == nullptr || base->layers.size() != 1 || tables.shared.size() != base->fronts.size()) return false;
    const auto known = [&](std::uint32_t rule) { return rule == kNoRule || rule < tables.fronts.size(); };
    if (!std::all_of(tables.shared.begin(), tables.shared.end(), known)) return false;
    layers.push_back({base->layers.front().database, {tables.shared.begin(), tables.shared.end()}, true});
  }
  auto loaded = lasting ? FrontDatabase::load_later(database) : FrontDatabase::load(database);
  auto anchors = lasting ? Sieve::over_lasting(tables.sieve) : Sieve::copy_of(tables.sieve);
  auto path_anchors = lasting ? Sieve::over_lasting(tables.path_sieve) : Sieve::copy_of(tables.path_sieve);
  const bool sifted = tables.sifted[0] != 0;
  // Made where the sieve works, and carried to where it does not.
  const bool of_no_use = sifted && database.empty() && anchors && !anchors->works();
  if (!loaded || !anchors || !path_anchors || of_no_use) {
    layers.clear();
    return false;
  }
  layers.push_back({std::move(*loaded), {}, sifted});
  sieve = std::move(*anchors);
  path_sieve = std::move(*path_anchors);
  fronts.assign(tables.fronts.begin(), tables.fronts.end());
  summarize();
  return true;
}

}  // namespace launchgate::secrets
