#include "libscan/checks/site/crawl.hpp"

#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"

namespace launchgate::checks::site {
namespace {

// Pages end like this, or like nothing; other endings are downloads.
bool could_be_page(std::string_view path) {
  const std::string_view name = path.substr(path.rfind('/') + 1);
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return true;
  for (const std::string_view ending : {".html", ".htm", ".php", ".aspx", ".jsp"})
    if (name.substr(dot) == ending) return true;
  return false;
}

}  // namespace

Crawl::Crawl(const SiteOptions& options, net::Url start)
    : options_(options), start_(std::move(start)), hosts_(options.allow_hosts) {
  hosts_.push_back(start_.authority());
  if (start_.port == 80 || start_.port == 443) hosts_.push_back(start_.host);  // http leads to https
  queue_.push_back({Fetch::Kind::page, start_, false, nullptr});
  seen_.insert(start_.str());
  pages_ = 1;
}

void Crawl::add(Fetch::Kind kind, const net::Url& base, std::string_view reference, bool guessed) {
  const auto url = net::resolve(base, reference);
  if (!url) return;
  if (kind == Fetch::Kind::page && (!ours(*url) || !could_be_page(url->path))) return;
  if (!ours(*url)) {
    if (!guessed && seen_.insert(url->str()).second)
      coverage.skip("foreign-host", ellipsize(printable(safe_url(url->str())), 120));
    return;
  }
  if (!seen_.insert(url->str()).second) return;
  // Pages of one site load the same scripts, so a sample of them is what was asked for. How small it was is told.
  if (kind == Fetch::Kind::page && pages_ >= options_.max_pages)
    return coverage.skip("page-limit", ellipsize(printable(safe_url(url->str())), 120));
  pages_ += kind == Fetch::Kind::page;
  queue_.push_back({kind, *url, guessed, nullptr});
}

void Crawl::add_probe(const Probe& probe) {
  const auto url = net::resolve(start_, "/" + std::string(probe.path));
  if (url && seen_.insert(url->str()).second) queue_.push_back({Fetch::Kind::probe, *url, true, &probe});
}

std::vector<Fetch> Crawl::take(std::size_t n) {
  std::vector<Fetch> batch;
  while (batch.size() < n && !queue_.empty()) {
    Fetch next = std::move(queue_.front());
    queue_.pop_front();
    if (requests_ >= options_.max_requests || bytes_ >= options_.max_bytes) {
      coverage.skip(requests_ >= options_.max_requests ? "request-limit" : "byte-limit",
                    ellipsize(printable(safe_url(next.url.str())), 120), true);
      continue;
    }
    ++requests_;
    batch.push_back(std::move(next));
  }
  return batch;
}

net::Request Crawl::request_for(const net::Url& url) const {
  net::Request r = options_.request;
  r.method = "GET";
  r.url = url.str();
  r.max_body = options_.max_body;
  r.allow_hosts = hosts_;
  r.jar = nullptr;
  r.body.clear();
  return r;
}

}  // namespace launchgate::checks::site
