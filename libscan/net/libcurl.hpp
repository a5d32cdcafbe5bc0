// libcurl, loaded at first use: a scan that never leaves the machine pays nothing for it, and one that must is told
// what to install when it is absent. Only libscan/net includes this.
#pragma once

#define CURL_DISABLE_TYPECHECK  // its macros would stand in front of the table's members
#include <curl/curl.h>

#include "libscan/core/result.hpp"

namespace launchgate::net {

// The functions we call, with the library's own types. Valid for the life of the process.
struct Libcurl {
  decltype(&curl_global_init) global_init;
  decltype(&curl_version_info) version_info;
  decltype(&curl_easy_init) easy_init;
  decltype(&curl_easy_setopt) setopt;
  decltype(&curl_easy_getinfo) getinfo;
  decltype(&curl_easy_reset) easy_reset;
  decltype(&curl_easy_cleanup) easy_cleanup;
  decltype(&curl_easy_strerror) easy_strerror;
  decltype(&curl_multi_init) multi_init;
  decltype(&curl_multi_setopt) multi_setopt;
  decltype(&curl_multi_add_handle) multi_add_handle;
  decltype(&curl_multi_remove_handle) multi_remove_handle;
  decltype(&curl_multi_perform) multi_perform;
  decltype(&curl_multi_poll) multi_poll;
  decltype(&curl_multi_info_read) multi_info_read;
  decltype(&curl_multi_cleanup) multi_cleanup;
  decltype(&curl_slist_append) slist_append;
  decltype(&curl_slist_free_all) slist_free_all;
  decltype(&curl_getdate) getdate;
};

// Thread-safe; the first call loads. Errors: ErrorCode::undecided when the library is absent or too old.
Result<const Libcurl*> libcurl();

}  // namespace launchgate::net
