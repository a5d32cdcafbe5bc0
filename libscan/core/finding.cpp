#include "libscan/core/finding.hpp"

#include <tuple>

namespace launchgate {

bool report_order(const Finding& a, const Finding& b) noexcept {
  const auto key = [](const Finding& f) {
    return std::tie(f.where.path, f.where.span.line, f.where.span.column, f.rule, f.where.url, f.where.commit,
                    f.fingerprint);
  };
  return key(a) < key(b);
}

}  // namespace launchgate
