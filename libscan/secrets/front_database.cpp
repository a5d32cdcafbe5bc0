#include "libscan/secrets/front_database.hpp"

#include <hs/hs.h>

#include <cstdlib>

namespace launchgate::secrets {
namespace {

Unexpected out_of_memory() {
  return fail(ErrorCode::internal, "Hyperscan could not allocate memory", "give the process more memory");
}

Unexpected foreign() {
  return fail(ErrorCode::internal, std::string("the serialised rule database does not fit Hyperscan ") + hs_version());
}

int on_match(unsigned id, unsigned long long, unsigned long long end, unsigned, void* context) noexcept {
  static_cast<std::vector<std::uint64_t>*>(context)->push_back(end << 32 | id);
  return 0;
}

}  // namespace

void FrontDatabase::Free::operator()(hs_database* d) const noexcept { hs_free_database(d); }
void FrontDatabase::Free::operator()(hs_scratch* s) const noexcept { hs_free_scratch(s); }

Result<FrontDatabase> FrontDatabase::compile(const std::vector<FrontPattern>& patterns, FrontRefusal& refusal) {
  FrontDatabase result;
  if (patterns.empty()) return result;
  std::vector<const char*> texts;
  std::vector<unsigned> flags, ids;
  for (const FrontPattern& p : patterns) {
    texts.push_back(p.text.c_str());
    flags.push_back(p.caseless ? HS_FLAG_CASELESS : 0u);
    ids.push_back(p.id);
  }
  const hs_platform_info generic{};
  hs_database_t* database = nullptr;
  hs_compile_error_t* error = nullptr;
  const hs_error_t status =
      hs_compile_multi(texts.data(), flags.data(), ids.data(), static_cast<unsigned>(texts.size()), HS_MODE_BLOCK,
                       &generic, &database, &error);
  if (status != HS_SUCCESS) {
    refusal.pattern =
        error != nullptr && error->expression >= 0 ? static_cast<std::size_t>(error->expression) : texts.size();
    refusal.why = error != nullptr ? error->message : "unknown";
    hs_free_compile_error(error);
    return fail(ErrorCode::config, "Hyperscan refuses a pattern: " + refusal.why);
  }
  result.state_ = std::make_shared<State>();
  result.state_->database.reset(database);
  return result;
}

Result<FrontDatabase> FrontDatabase::load(std::string_view serialized) {
  FrontDatabase result;
  if (serialized.empty()) return result;
  hs_database_t* database = nullptr;
  if (hs_deserialize_database(serialized.data(), serialized.size(), &database) != HS_SUCCESS) return foreign();
  result.state_ = std::make_shared<State>();
  result.state_->database.reset(database);
  return result;
}

Result<FrontDatabase> FrontDatabase::load_later(std::string_view lasting) {
  FrontDatabase result;
  if (lasting.empty()) return result;
  std::size_t size = 0;
  if (hs_serialized_database_size(lasting.data(), lasting.size(), &size) != HS_SUCCESS) return foreign();
  result.state_ = std::make_shared<State>();
  result.state_->waiting = lasting;
  return result;
}

const hs_database* FrontDatabase::database() const {
  State& state = *state_;
  std::call_once(state.once, [&] {
    if (state.database != nullptr) return;
    hs_database_t* database = nullptr;
    // Its version was right when it was given: what is left is want of memory, for which `new` would end us as well.
    if (hs_deserialize_database(state.waiting.data(), state.waiting.size(), &database) != HS_SUCCESS) std::abort();
    state.database.reset(database);
  });
  return state.database.get();
}

Result<std::string> FrontDatabase::serialize() const {
  if (state_ == nullptr) return std::string();
  char* bytes = nullptr;
  std::size_t size = 0;
  if (hs_serialize_database(database(), &bytes, &size) != HS_SUCCESS) return out_of_memory();
  std::string out(bytes, size);
  std::free(bytes);
  return out;
}

void FrontDatabase::scan(std::string_view text, Scratch& scratch, std::vector<std::uint64_t>& hits) const {
  if (state_ == nullptr || text.empty()) return;
  const hs_database* const all = database();
  if (scratch == nullptr) {
    hs_scratch_t* made = nullptr;
    if (hs_alloc_scratch(all, &made) != HS_SUCCESS) std::abort();
    scratch.reset(made);
  }
  const hs_error_t status =
      hs_scan(all, text.data(), static_cast<unsigned>(text.size()), 0, scratch.get(), on_match, &hits);
  // Only misuse (a foreign or busy scratch) fails here, and text passed over in silence would be the worst outcome.
  if (status != HS_SUCCESS) std::abort();
}

const char* FrontDatabase::library_version() noexcept { return hs_version(); }

}  // namespace launchgate::secrets
