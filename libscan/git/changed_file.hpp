// One file of a change, as staged.hpp and new_files.hpp list them. A plain value.
#pragma once

#include <string>
#include <vector>

#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct ChangedFile {
  std::string path;  // below the root of the work tree, '/'
  Oid oid;           // its content now: ObjectReader::read
  // Its content before, when a file was there: in HEAD, or in each parent of `commit`. What stands in one of these is
  // not new.
  std::vector<Oid> before;
  Oid commit;  // zero when the commit is still being made
};

}  // namespace launchgate::git
