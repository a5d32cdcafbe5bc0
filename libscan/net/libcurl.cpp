#include "libscan/net/libcurl.hpp"

#include <string>

#include "libscan/net/bind.hpp"

// The C API's names are macros in some versions; the table wants the functions.
#undef curl_easy_setopt
#undef curl_easy_getinfo
#undef curl_multi_setopt

namespace launchgate::net {
namespace {

constexpr unsigned kOldest = 0x075500;  // 7.85.0: CURLOPT_PROTOCOLS_STR

struct Loaded {
  Libcurl table{};
  std::string problem;
};

bool bind_all(void* library, Libcurl& t) noexcept {
  return bind(library, "curl_global_init", t.global_init) && bind(library, "curl_version_info", t.version_info) &&
         bind(library, "curl_easy_init", t.easy_init) && bind(library, "curl_easy_setopt", t.setopt) &&
         bind(library, "curl_easy_getinfo", t.getinfo) && bind(library, "curl_easy_reset", t.easy_reset) &&
         bind(library, "curl_easy_cleanup", t.easy_cleanup) && bind(library, "curl_easy_strerror", t.easy_strerror) &&
         bind(library, "curl_multi_init", t.multi_init) && bind(library, "curl_multi_setopt", t.multi_setopt) &&
         bind(library, "curl_multi_add_handle", t.multi_add_handle) &&
         bind(library, "curl_multi_remove_handle", t.multi_remove_handle) &&
         bind(library, "curl_multi_perform", t.multi_perform) && bind(library, "curl_multi_poll", t.multi_poll) &&
         bind(library, "curl_multi_info_read", t.multi_info_read) &&
         bind(library, "curl_multi_cleanup", t.multi_cleanup) && bind(library, "curl_slist_append", t.slist_append) &&
         bind(library, "curl_slist_free_all", t.slist_free_all) && bind(library, "curl_getdate", t.getdate);
}

Loaded load() {
  Loaded out;
  void* library = nullptr;
  for (const char* name : {"libcurl.so.4", "libcurl-gnutls.so.4"}) {  // Debian's two builds share one interface
    library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library != nullptr) break;
  }
  if (library == nullptr)
    out.problem = "libcurl is not installed";
  else if (!bind_all(library, out.table))
    out.problem = "the installed libcurl lacks functions";
  else if (out.table.global_init(CURL_GLOBAL_ALL) != CURLE_OK)
    out.problem = "libcurl could not start";
  else if (out.table.version_info(CURLVERSION_NOW)->version_num < kOldest)
    out.problem = std::string("libcurl ") + out.table.version_info(CURLVERSION_NOW)->version + " is too old";
  return out;
}

}  // namespace

Result<const Libcurl*> libcurl() {
  static const Loaded loaded = load();
  if (!loaded.problem.empty())
    return fail(ErrorCode::undecided, loaded.problem,
                "install libcurl 7.85 or newer (Debian, Ubuntu: apt install libcurl4)");
  return &loaded.table;
}

}  // namespace launchgate::net
