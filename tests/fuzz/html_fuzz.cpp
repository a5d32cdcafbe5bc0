// Any bytes as a page: refused, or read; and whatever form is found can be filled in without asking for more.
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "libscan/checks/smoke/html.hpp"
#include "libscan/checks/smoke/login_form.hpp"

using namespace launchgate::checks::smoke;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto page = Document::parse(text);
  if (!page) return 0;
  page->meta("csrf-token"), page->base_href(), page->title(), page->assets(), page->links();
  for (const Form& form : page->forms())
    if (form.method != "get" && form.method != "post") std::abort();
  Login login;
  if (const auto form = find_login_form(*page, login)) fill(*form, login, {});
  if (const auto selector = parse_selector(text.substr(0, 64))) {
    const bool there = page->has(*selector);
    if (page->form(*selector) && !there) std::abort();
  }
  return 0;
}
