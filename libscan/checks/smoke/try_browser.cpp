// A page in a real browser. Without a driver there is no answer, and no answer is no pass.
#include "libscan/checks/smoke/kinds.hpp"

namespace launchgate::checks::smoke {

Tried try_browser(const CheckSpec&, Run&) {
  Tried out;
  out.detail = "no WebDriver is there (install chromium-driver, or name one by webdriver)";
  return out;
}

}  // namespace launchgate::checks::smoke
