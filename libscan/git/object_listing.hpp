// Everything an object database holds, whether anything leads there or not: all packs, loose files, alternates.
// Thread-safety: a function of the disk's state; the ObjectReader is used by the calling thread.
#pragma once

#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/git/object_reader.hpp"
#include "libscan/git/oid.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::git {

struct ObjectListing {
  // Sorted, each once. Trees are left out: they hold names, not contents.
  std::vector<Oid> blobs;
  std::vector<Oid> commits;
  std::vector<Oid> tags;
  Coverage coverage;  // packs and loose files that cannot be read, as undecided
};

// All objects but those in `known` (sorted). What is loose has to be read to tell its kind.
ObjectListing list_objects(const Repository& repository, ObjectReader& objects, const std::vector<Oid>& known);

}  // namespace launchgate::git
