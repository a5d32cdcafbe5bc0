#include "libscan/secrets/pattern.hpp"

#include <re2/re2.h>

#include "libscan/core/text.hpp"

namespace launchgate::secrets {

struct Pattern::Impl {
  Impl(std::string_view text, const re2::RE2::Options& options)
      : regex(re2::StringPiece(text.data(), text.size()), options) {}
  re2::RE2 regex;
};

Pattern::Pattern(std::unique_ptr<Impl> impl) noexcept : impl_(std::move(impl)) {}
Pattern::Pattern(Pattern&&) noexcept = default;
Pattern& Pattern::operator=(Pattern&&) noexcept = default;
Pattern::~Pattern() = default;

Result<Pattern> Pattern::compile(std::string_view expression) {
  re2::RE2::Options options(re2::RE2::Quiet);
  options.set_max_mem(4 << 20);
  auto impl = std::make_unique<Impl>(expression, options);
  if (!impl->regex.ok())
    return fail(ErrorCode::config, "not a regular expression: " + ellipsize(printable(impl->regex.error()), 120),
                "the syntax is RE2's: no look-around, no back references");
  return Pattern(std::move(impl));
}

bool Pattern::found_in(std::string_view text) const {
  return re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), impl_->regex);
}

int Pattern::groups() const { return impl_->regex.NumberOfCapturingGroups(); }

std::optional<std::string> Pattern::capture(std::string_view text) const {
  re2::StringPiece found[2];
  const int wanted = groups() > 0 ? 2 : 1;
  const re2::StringPiece whole(text.data(), text.size());
  if (!impl_->regex.Match(whole, 0, whole.size(), re2::RE2::UNANCHORED, found, wanted)) return std::nullopt;
  const re2::StringPiece& piece = found[wanted - 1];
  return std::string(piece.data() == nullptr ? "" : piece.data(), piece.size());
}

}  // namespace launchgate::secrets
