// What is still to be fetched, what was, and how much more may be: the bookkeeping of a site scan.
#pragma once

#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/checks/site/exposure.hpp"
#include "libscan/checks/site/site_scan.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::checks::site {

struct Fetch {
  enum class Kind { page, script, map, probe };
  Kind kind = Kind::page;
  net::Url url;
  bool guessed = false;          // nothing promises that it exists
  const Probe* probe = nullptr;  // for probes
};

class Crawl {
 public:
  Crawl(const SiteOptions& options, net::Url start);

  // Adds what `reference` names as seen from `base`, unless it was added before, is not ours or is one page too many.
  void add(Fetch::Kind kind, const net::Url& base, std::string_view reference, bool guessed = false);
  void add_probe(const Probe& probe);

  // The next at most `n` to fetch, as far as the budget goes; empty: done. What the budget does not allow is skipped.
  std::vector<Fetch> take(std::size_t n);
  void spend(std::size_t bytes) { bytes_ += bytes; }
  net::Request request_for(const net::Url& url) const;

  bool ours(const net::Url& url) const { return net::host_in(url, hosts_); }
  const net::Url& start() const { return start_; }
  Coverage coverage;

 private:
  const SiteOptions& options_;
  net::Url start_;
  std::vector<std::string> hosts_;
  std::deque<Fetch> queue_;
  std::set<std::string> seen_;
  unsigned requests_ = 0, pages_ = 0;
  std::size_t bytes_ = 0;
};

}  // namespace launchgate::checks::site
