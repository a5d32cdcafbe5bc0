// "This one is known": tags in the scanned text itself, beside what they excuse. Those of other scanners are honoured
// as those scanners do, so that a repository that moves here keeps its exceptions.
//
//   on a line of the match     launchgate:allow [RULE, …] -- reason
//                              gitleaks:allow  betterleaks:allow  trufflehog:ignore  kingfisher:ignore  ggignore
//                              pragma: allowlist secret           secretlint-disable-line
//   on the line before it      launchgate:allow-next-line [RULE, …] -- reason
//                              kingfisher:ignore  pragma: allowlist nextline secret  secretlint-disable-next-line
//   on the line behind it      kingfisher:ignore, when the match spans several lines
//   from there on              secretlint-disable, until secretlint-enable
//
// Ours need a reason; without one they are not honoured, and the finding says so. A tag excuses, it does not hide:
// what it excuses is counted in every report.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "libscan/core/redact.hpp"

namespace launchgate::secrets {

struct InlineTag {
  std::string_view name;    // "gitleaks:allow"
  std::string_view reason;  // ours only; a view into the text
  bool honoured = true;     // false: ours, without a reason
};

// The tags of one text. Cheap to make; the text must outlive it. Cost of find(): the lines around the match, each
// looked at no farther than 4 KiB from it; and once a text, the places of secretlint's comments.
class InlineTags {
 public:
  explicit InlineTags(std::string_view text) : text_(text) {}

  std::optional<InlineTag> find(ByteRange match, std::string_view rule);

 private:
  bool in_disabled_block(std::size_t at);

  std::string_view text_;
  bool blocks_known_ = false;
  std::vector<std::pair<std::size_t, bool>> blocks_;  // offset, disabled from here on
};

}  // namespace launchgate::secrets
