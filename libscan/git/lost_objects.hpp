// Commits or trees that could not be read: what stands behind them was not looked at, all else was. A plain value.
#pragma once

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "libscan/core/result.hpp"
#include "libscan/git/oid.hpp"

namespace launchgate::git {

struct LostObjects {
  std::vector<Oid> ids;
  std::optional<Error> why;  // of the least of them: the same whatever the order they were met in

  bool empty() const noexcept { return ids.empty(); }

  void add(const Oid& id, Error error) {
    if (ids.empty() || id < least()) why = std::move(error), least_ = ids.size();
    ids.push_back(id);
  }
  void merge(LostObjects other) {
    if (other.empty()) return;
    if (empty() || other.least() < least()) why = std::move(other.why), least_ = ids.size() + other.least_;
    ids.insert(ids.end(), other.ids.begin(), other.ids.end());
  }
  // Each once, in order.
  std::vector<Oid> sorted() const {
    std::vector<Oid> all = ids;
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
    return all;
  }

 private:
  const Oid& least() const { return ids[least_]; }
  std::size_t least_ = 0;
};

}  // namespace launchgate::git
