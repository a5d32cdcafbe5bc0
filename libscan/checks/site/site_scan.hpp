// The deployed site through the eyes of a stranger: files that should not be there, source maps with the sources in
// them, secrets in pages and bundles. The same rules, masks and secret_ids as in the repository, so that a key in a
// bundle is tied to the commit that brought it.
//
// Only GET, without cookies, on the hosts given. What it asks for: the start page and pages it links to, their scripts
// and the scripts those name, each script's source map, and the paths of exposure.hpp. An answer counts only when its
// content is what the path promises and a path that cannot exist is not answered in the same way.
// Bounded in requests and bytes; what that leaves out is in the coverage, as undecided.
// Memory: `parallel` bodies of `max_body` at most, beside the findings. Thread-safety: one thread per call.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/net/http.hpp"
#include "libscan/secrets/matcher.hpp"

namespace launchgate::checks::site {

struct SiteOptions {
  std::string url;                       // the start page
  std::vector<std::string> allow_hosts;  // further hosts of ours, e.g. the one that serves the scripts
  net::Request request;                  // how to reach them: proxy, resolve, tls, timeout; url and method are set here
  std::string id_key;                    // see core/fingerprint.hpp
  unsigned max_requests = 400;
  std::size_t max_bytes = std::size_t{256} << 20;  // of all bodies, decompressed
  std::size_t max_body = std::size_t{16} << 20;    // of one
  unsigned max_pages = 20;
  int parallel = 8;
};

struct SiteScan {
  std::vector<Finding> findings;  // in report_order
  Coverage coverage;
  std::vector<Note> notes;
};

// Errors: usage, for a URL that is none. A site that does not answer is undecided coverage.
Result<SiteScan> scan_site(const SiteOptions& options, const secrets::Matcher& matcher, net::Http& http);

// What it would ask for and how far it would go, in words, without asking.
std::string explain(const SiteOptions& options);

// The rules of the site scan itself ("exposed-dotenv", …), sorted by id.
std::vector<RuleInfo> site_rules();

}  // namespace launchgate::checks::site
