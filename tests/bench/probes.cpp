// N requests at once through the product's own HTTP client: what one thread over libcurl's multi interface can keep in
// the air. usage: bench_probes URL N; prints "seconds=S answered=N rss_anon_kib=K".
#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "libscan/net/http_curl.hpp"

namespace {

long rss_anon_kib() {
  long kib = 0;
  if (std::FILE* status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, status) != nullptr)
      if (std::strncmp(line, "RssAnon:", 8) == 0) kib = std::strtol(line + 8, nullptr, 10);
    std::fclose(status);
  }
  return kib;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  const int n = std::atoi(argv[2]);
  launchgate::net::SystemClock clock;
  auto http = launchgate::net::make_curl_http(clock);
  std::vector<launchgate::net::Request> requests(static_cast<std::size_t>(n));
  for (auto& r : requests) {
    r.url = argv[1];
    r.proxy = "";
    r.fresh = true;
  }
  const double start = clock.now_ms();
  int answered = 0;
  for (const auto& response : http->send_all(requests, n)) answered += response.status == 200;
  fmt::print("seconds={:.4f} answered={} rss_anon_kib={}\n", (clock.now_ms() - start) / 1e3, answered, rss_anon_kib());
}
