#include "libscan/secrets/tail_check.hpp"

#include <re2/re2.h>

namespace launchgate::secrets {

TailCheck::TailCheck() = default;
TailCheck::~TailCheck() = default;

const re2::RE2* TailCheck::compiled(std::string_view pattern, std::uint32_t patience) const {
  if (asked_.load(std::memory_order_relaxed) < patience) {
    asked_.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  std::call_once(once_, [&] {
    re2::RE2::Options options(re2::RE2::Quiet);
    options.set_encoding(re2::RE2::Options::EncodingLatin1);
    options.set_longest_match(true);
    options.set_max_mem(std::int64_t{1} << 20);  // there are some hundred of these; their automata are small
    auto made = std::make_unique<re2::RE2>(re2::StringPiece(pattern.data(), pattern.size()), options);
    if (made->ok()) regex_ = std::move(made);
  });
  return regex_.get();
}

std::size_t TailCheck::longest(std::string_view pattern, std::uint32_t patience, std::string_view text) const {
  const re2::RE2* const regex = compiled(pattern, patience);
  if (regex == nullptr) return text.size();
  re2::StringPiece match;
  if (!regex->Match({text.data(), text.size()}, 0, text.size(), re2::RE2::ANCHOR_START, &match, 1)) return kNone;
  return match.size();
}

}  // namespace launchgate::secrets
