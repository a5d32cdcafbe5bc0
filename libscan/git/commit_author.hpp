// Who made a commit and when, for reports. The e-mail address is left out on purpose: reports hold none.
#pragma once

#include <string>
#include <string_view>

namespace launchgate::git {

struct CommitAuthor {
  std::string name;  // valid UTF-8; may be empty
  std::string date;  // RFC 3339 with the author's own offset; empty when the commit holds none that can be read
};

// `bytes`: a commit object.
CommitAuthor author_of(std::string_view bytes);

}  // namespace launchgate::git
