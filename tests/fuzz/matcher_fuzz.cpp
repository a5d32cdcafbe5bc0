// The matcher against its oracle: any bytes, scanned through Hyperscan and windows, must give exactly the matches of
// RE2 alone over the whole text, whether backtracking confirms them, RE2, or one where the other gave up.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <tuple>
#include <vector>

#include "libscan/secrets/builtin_rules.hpp"
#include "libscan/secrets/matcher.hpp"

using namespace launchgate::secrets;

namespace {

const Matcher& matcher() {
  static const Matcher one = std::move(*builtin_matcher());
  return one;
}

auto places(const std::vector<Match>& matches) {
  std::vector<std::tuple<std::uint32_t, std::size_t, std::size_t, std::size_t, std::size_t>> out;
  for (const Match& m : matches) out.emplace_back(m.rule, m.whole.begin, m.whole.end, m.secret.begin, m.secret.end);
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Matcher::ScratchPtr scratches[] = {
      std::move(*matcher().scratch()), std::move(*matcher().scratch({0, 0})), std::move(*matcher().scratch({0, 100}))};
  const Matcher::ScratchPtr& scratch = scratches[size % 4 == 3 ? 0 : size % 4];
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::vector<Candidate> candidates;
  matcher().find_candidates(text, {0, text.size()}, *scratch, candidates);
  std::vector<Match> fast, slow;
  matcher().confirm(text, candidates, *scratch, fast);
  matcher().confirm_by_re2_alone(text, slow);
  if (places(fast) != places(slow)) std::abort();
  matcher().filter(text, {"a.txt", "", false}, *scratch, fast);
  for (const Match& m : fast)
    if (m.secret.begin > m.secret.end || m.secret.end > size) std::abort();
  return 0;
}
