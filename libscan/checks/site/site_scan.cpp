#include "libscan/checks/site/site_scan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "libscan/checks/site/crawl.hpp"
#include "libscan/checks/site/references.hpp"
#include "libscan/checks/smoke/html.hpp"
#include "libscan/core/fingerprint.hpp"
#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"
#include "libscan/net/crypto.hpp"
#include "libscan/secrets/blob_scanner.hpp"
#include "libscan/secrets/dotenv_judge.hpp"

namespace launchgate::checks::site {
namespace {

using net::Response;
using net::Url;
using Kind = Fetch::Kind;

constexpr std::size_t kMaxScriptNames = 200;  // of one text; large sites have some hundred chunks
constexpr std::size_t kMaxAlso = 5;
constexpr std::string_view kMapRule = "exposed-source-map";

std::string shown(const Url& url) { return ellipsize(printable(safe_url(url.str())), 300); }

class SiteScanner {
 public:
  SiteScanner(const SiteOptions& options, Url start, secrets::BlobScanner scanner, net::Http& http)
      : options_(options), crawl_(options, std::move(start)), scanner_(std::move(scanner)), http_(http) {}

  SiteScan run() {
    const auto width = static_cast<std::size_t>(std::max(options_.parallel, 1));
    if (!look_at_start()) return std::move(*this).finish();
    for (const Probe& probe : probes()) crawl_.add_probe(probe);
    learn_soft_404();
    for (std::vector<Fetch> batch = crawl_.take(width); !batch.empty(); batch = crawl_.take(width)) {
      std::vector<net::Request> requests;
      requests.reserve(batch.size());
      for (const Fetch& f : batch) requests.push_back(crawl_.request_for(f.url));
      std::vector<Response> responses = http_.send_all(requests, options_.parallel);
      retry_lost(requests, responses);
      for (std::size_t i = 0; i < batch.size() && i < responses.size(); ++i) look_at(batch[i], responses[i]);
    }
    return std::move(*this).finish();
  }

 private:
  // ---- fetching ---------------------------------------------------------------------------------------------------

  bool look_at_start() {
    const std::vector<Fetch> first = crawl_.take(1);
    if (first.empty()) return false;
    const Response response = http_.send(crawl_.request_for(first[0].url));
    if (response.ok() && response.status < 400) return look_at(first[0], response), true;
    const std::string why = response.ok() ? fmt::format("HTTP {}", response.status) : response.error;
    crawl_.coverage.skip("unreachable", shown(first[0].url) + ": " + ellipsize(printable(why), 200), true);
    return false;
  }

  // One lost answer among hundreds is no news about the site: it is asked for once more.
  void retry_lost(const std::vector<net::Request>& requests, std::vector<Response>& responses) {
    for (std::size_t i = 0; i < responses.size(); ++i)
      if (lost(responses[i])) responses[i] = http_.send(requests[i]);
  }

  static bool lost(const Response& r) {
    switch (r.failure) {
      case net::Failure::none: return r.status == 429 || r.status >= 500;
      case net::Failure::redirect_refused:  // leads away: nothing of ours is here
      case net::Failure::redirect_loop:
      case net::Failure::body_too_large: return false;
      default: return true;
    }
  }

  // How does the site answer for a file that cannot exist? One question for each kind of name.
  void learn_soft_404() {
    for (const std::string_view name : {".env", "missing.js", "missing.js.map", ".git/HEAD"}) {
      const std::string nonsense = "lg" + net::random_hex(8);
      const auto url = net::resolve(crawl_.start(), fmt::format("/{}/{}", nonsense, name));
      const Response r = http_.send(crawl_.request_for(*url));
      if (!r.ok() || r.status != 200) continue;
      soft_404_.push_back(without(r.body, nonsense));
      // An answer that would convince a probe, for a file that is not there: that probe proves nothing on this site.
      for (const Probe& probe : probes())
        if (probe.judge != nullptr && probe.judge(probe.path, r.body)) fooled_.insert(probe.path);
    }
  }

  static std::string without(std::string text, std::string_view word) {
    for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) text.erase(at, word.size());
    return text;
  }

  bool is_soft_404(const std::string& body) const {
    return std::find(soft_404_.begin(), soft_404_.end(), body) != soft_404_.end();
  }

  // ---- judging answers --------------------------------------------------------------------------------------------

  void look_at(const Fetch& fetch, const Response& r) {
    crawl_.spend(r.body.size());
    if (lost(r)) {
      const std::string why = r.ok() ? fmt::format("HTTP {}", r.status) : printable(r.error);
      return crawl_.coverage.skip("unreachable", shown(fetch.url) + ": " + ellipsize(why, 120), true);
    }
    if (r.failure == net::Failure::body_too_large && r.status == 200)
      crawl_.coverage.skip("too-large", shown(fetch.url), true);  // what fitted is looked at
    else if (!r.ok() || r.status >= 400 || r.status < 200)
      return missing(fetch, r);
    const auto final_url = net::parse_url(r.url.empty() ? fetch.url.str() : r.url);
    const Url& url = final_url ? *final_url : fetch.url;
    switch (fetch.kind) {
      case Kind::page: return look_at_page(url, r);
      case Kind::script: return look_at_script(fetch, url, r);
      case Kind::map: return look_at_map(fetch.url, r.body);
      case Kind::probe: return look_at_probe(fetch, r);
    }
  }

  void missing(const Fetch& fetch, const Response& r) {
    if (fetch.guessed) return;
    const std::string why = r.ok() ? fmt::format("HTTP {}", r.status) : printable(r.error);
    crawl_.coverage.skip("not-found", shown(fetch.url) + ": " + ellipsize(why, 120));
  }

  void look_at_page(const Url& url, const Response& r) {
    scan(r.body, url, path_of(url, "index.html"));
    if (!looks_like_markup(r.body)) return;
    auto document = smoke::Document::parse(r.body);
    Url base = url;
    if (document) {
      if (const auto href = net::resolve(url, document->base_href()); href && !document->base_href().empty())
        base = *href;
      for (const std::string& asset : document->assets())
        if (asset.find(".css") == std::string::npos) crawl_.add(Kind::script, base, asset);
      for (const std::string& link : document->links()) crawl_.add(Kind::page, base, link);
    } else {
      crawl_.coverage.skip("unparsed", shown(url) + ": " + printable(document.error().what), true);
    }
    follow_names(base, r.body);
  }

  void look_at_script(const Fetch& fetch, const Url& url, const Response& r) {
    if (looks_like_markup(r.body) || is_soft_404(r.body)) return missing(fetch, r);
    scan(r.body, url, path_of(url, "script.js"));
    follow_names(url, r.body);
    follow_map(url, r);
  }

  void follow_names(const Url& base, std::string_view text) {
    const ScriptNames found = script_names(text, kMaxScriptNames);
    for (const std::string& name : found.names) {
      // Next.js names its chunks below /_next/ wherever the page stands.
      crawl_.add(Kind::script, base, name.starts_with("static/chunks/") ? "/_next/" + name : name, true);
    }
    if (found.computed) crawl_.coverage.skip("computed-script-name", shown(base));
  }

  void follow_map(const Url& script, const Response& r) {
    std::string_view reference = source_map_reference(r.body);
    for (const char* name : {"SourceMap", "X-SourceMap"})
      if (const std::string* header = r.header(name)) reference = *header;
    constexpr std::string_view kData = "data:application/json";
    if (reference.starts_with(kData)) {
      const std::size_t comma = reference.find("base64,");
      std::string json;
      if (comma != std::string_view::npos && net::base64_decode(reference.substr(comma + 7), json))
        look_at_map(script, json);
      return;
    }
    if (!reference.empty()) return crawl_.add(Kind::map, script, reference, true);
    // Not naming the map is not the same as not publishing it.
    Url guess = script;
    guess.query.clear();
    guess.path += ".map";
    crawl_.add(Kind::map, script, guess.str(), true);
  }

  void look_at_map(const Url& url, const std::string& body) {
    if (looks_like_markup(body) || is_soft_404(body)) return;
    const SourceMap map = read_source_map(body);
    if (!map.ok || map.sources.empty()) return;
    maps_.push_back(shown(url));
    for (const EmbeddedSource& source : map.sources) {
      const std::size_t first = findings_.size();
      scan(source.text, url, source_path(source.name));
      for (std::size_t i = first; i < findings_.size(); ++i)
        findings_[i].reasons.push_back("in the embedded source " + ellipsize(printable(source.name), 120));
    }
  }

  void look_at_probe(const Fetch& fetch, const Response& r) {
    const Probe& probe = *fetch.probe;
    if (r.body.empty() || is_soft_404(r.body)) return;
    if (net::parse_url(r.url).value_or(fetch.url).path != fetch.url.path) return;  // led elsewhere: not this file
    if (probe.judge == nullptr) {
      if (!looks_like_markup(r.body)) scan(r.body, fetch.url, std::string(probe.path));
      return;
    }
    const auto exposure = probe.judge(probe.path, r.body);
    if (!exposure || fooled_.count(probe.path) > 0) return;
    Finding f = site_finding(probe.rule, fetch.url);
    f.severity = exposure->severity;
    f.message = exposure->message;
    f.where.span = exposure->span;
    f.reasons = {"its content was fetched and is that of such a file"};
    findings_.push_back(std::move(f));
    scan(r.body, fetch.url, std::string(probe.path));
  }

  // ---- findings ---------------------------------------------------------------------------------------------------

  static std::string path_of(const Url& url, std::string_view fallback) {
    const std::string path = net::percent_decode(std::string_view(url.path).substr(1));
    return path.empty() || path.back() == '/' ? path + std::string(fallback) : path;
  }

  Finding site_finding(std::string_view rule, const Url& url) const {
    Finding f;
    f.rule = rule;
    f.confidence = Confidence::high;
    f.where.url = shown(url);
    f.fingerprint = fingerprint(rule, url.path, options_.id_key);
    for (const RuleInfo& info : site_rules())
      if (info.id == rule) f.severity = info.severity, f.fix = info.fix;
    return f;
  }

  // `path` is what rules that look at names see. It is no file of the repository, so findings do not keep it.
  void scan(std::string_view body, const Url& url, std::string path) {
    Location where;
    where.path = std::move(path);
    where.url = shown(url);
    const std::size_t first = findings_.size();
    scanner_.scan(body, where, findings_);
    const auto is_file_rule = [](const Finding& f) { return f.rule == secrets::kDotenvRule; };  // ours says it better
    findings_.erase(
        std::remove_if(findings_.begin() + static_cast<std::ptrdiff_t>(first), findings_.end(), is_file_rule),
        findings_.end());
    for (std::size_t i = first; i < findings_.size(); ++i) findings_[i].where.path.clear();
    ++crawl_.coverage.files;
    crawl_.coverage.bytes += body.size();
  }

  // A value in a script that every page loads, or twice in a bundle, is one finding.
  std::vector<Finding> grouped() {
    std::stable_sort(findings_.begin(), findings_.end(), report_order);
    std::vector<Finding> kept;
    std::map<std::string, std::size_t> index;
    for (Finding& f : findings_) {
      const auto [at, fresh] = index.try_emplace(f.rule + '\0' + f.fingerprint, kept.size());
      if (fresh) {
        kept.push_back(std::move(f));
        continue;
      }
      Finding& first = kept[at->second];
      const std::string place = fmt::format("{}:{}", f.where.url, f.where.span.line);
      if (first.also.size() < kMaxAlso && std::find(first.also.begin(), first.also.end(), place) == first.also.end())
        first.also.push_back(place);
    }
    return kept;
  }

  SiteScan finish() && {
    if (!maps_.empty()) {
      std::sort(maps_.begin(), maps_.end());
      Finding f = site_finding(kMapRule, *net::parse_url(crawl_.start().origin()));
      f.where.url = maps_.front();
      f.message = fmt::format("The site publishes {} source map{} with the original sources in {}.", maps_.size(),
                              maps_.size() == 1 ? "" : "s", maps_.size() == 1 ? "it" : "them");
      for (std::size_t i = 1; i < maps_.size() && i <= kMaxAlso; ++i) f.also.push_back(maps_[i]);
      findings_.push_back(std::move(f));
    }
    return {grouped(), std::move(crawl_.coverage), {}};
  }

  const SiteOptions& options_;
  Crawl crawl_;
  secrets::BlobScanner scanner_;
  net::Http& http_;
  std::vector<std::string> soft_404_;  // bodies, without the random word
  std::set<std::string_view> fooled_;  // paths of probes that believe such a body
  std::vector<std::string> maps_;      // URLs of maps that carry sources
  std::vector<Finding> findings_;
};

}  // namespace

Result<SiteScan> scan_site(const SiteOptions& options, const secrets::Matcher& matcher, net::Http& http) {
  auto start = net::parse_url(options.url);
  if (!start)
    return fail(ErrorCode::usage, "--url: '" + printable(safe_url(options.url)) + "' is no http(s) URL",
                "write it whole, without user and password: https://www.example.com/");
  auto scanner = secrets::BlobScanner::create(matcher, {options.id_key});
  if (!scanner) return Unexpected{scanner.error()};
  return SiteScanner(options, std::move(*start), std::move(*scanner), http).run();
}

std::string explain(const SiteOptions& options) {
  std::string hosts;
  for (const std::string& host : options.allow_hosts) hosts += ", " + printable(host);
  return fmt::format(
      "start     {}{}\nrequests  GET only, no cookies: pages, scripts, source maps and {} files that must not be "
      "served\n"
      "bounds    {} pages, {} requests, {} MiB in all, {} MiB a body, {} at a time\n",
      printable(safe_url(options.url)), hosts.empty() ? "" : " and scripts on" + hosts.substr(1), probes().size(),
      options.max_pages, options.max_requests, options.max_bytes >> 20, options.max_body >> 20, options.parallel);
}

std::vector<RuleInfo> site_rules() {
  const auto rule = [](std::string_view id, std::string_view title, std::string_view why, std::string_view fix,
                       Severity severity) {
    return RuleInfo{std::string(id), std::string(title), std::string(why), std::string(fix), "",
                    severity,        Confidence::high,   {"site"}};
  };
  return {
      rule("exposed-dotenv", "Dotenv file served by the site",
           "Robots ask every site for /.env within hours; whatever stands in it is known.",
           "Take the file out of the document root, deny dot files in the server's configuration, and replace every "
           "secret that stood in it.",
           Severity::launch_blocker),
      rule("exposed-file", "File with credentials served by the site",
           "It can be fetched by anyone who guesses its usual name.",
           "Take the file out of the document root and replace every secret that stood in it.",
           Severity::launch_blocker),
      rule("exposed-git", "Git repository served by the site",
           "The whole history can be rebuilt from it, deleted secrets included.",
           "Deploy without .git, deny dot files in the server's configuration, and replace every secret the history "
           "holds: launchgate scan --history lists them.",
           Severity::launch_blocker),
      rule(kMapRule, "Source maps with sources served by the site",
           "They give everyone the original source code, comments and all.",
           "Build without sourcesContent, or upload the maps to your error tracker and do not deploy them.",
           Severity::can_wait),
  };
}

}  // namespace launchgate::checks::site
