// Every kind of check launchgate has. Order matters: a [check.*] table is the first kind whose mark it has.
#include <array>

#include "libscan/checks/check.hpp"
#include "libscan/checks/smoke/kinds.hpp"

namespace launchgate::checks {
namespace {

using Keys = std::string_view;

constexpr std::array kLogin{Keys{"login"}, Keys{"expect"}, Keys{"success"}};
constexpr std::array kSession{Keys{"use"},     Keys{"get"},    Keys{"head"},    Keys{"post"},
                              Keys{"put"},     Keys{"patch"},  Keys{"delete"},  Keys{"steps"},
                              Keys{"headers"}, Keys{"json"},   Keys{"form"},    Keys{"body"},
                              Keys{"bearer"},  Keys{"expect"}, Keys{"capture"}, Keys{"budget"}};
constexpr std::array kRequest{Keys{"get"},    Keys{"head"},   Keys{"post"},    Keys{"put"},     Keys{"patch"},
                              Keys{"delete"}, Keys{"steps"},  Keys{"headers"}, Keys{"json"},    Keys{"form"},
                              Keys{"body"},   Keys{"bearer"}, Keys{"expect"},  Keys{"capture"}, Keys{"budget"}};
constexpr std::array kBrowser{Keys{"browser"}, Keys{"budget"}};

constexpr Severity kBlocker = Severity::launch_blocker;

constexpr std::array kCatalog{
    CheckKind{"login", "Sign-in works",
              "Nobody can use what they cannot sign in to; and a sign-in that lets everyone in is worse.",
              "Sign in by hand on the deployed site with the same test user; look at the login service and its session "
              "store.",
              kBlocker, 2, "login", kLogin, smoke::try_login},
    CheckKind{"session", "Signed-in page works",
              "The page a customer sees first after signing in, and nobody else may see.",
              "Open the page signed in, and in a private window; look at the release's logs for the request.", kBlocker,
              2, "use", kSession, smoke::try_requests},
    CheckKind{"browser-load", "Page loads in a browser", "Scripts and styles can break a page that answers 200.",
              "Open the page with the developer tools; look at the console and the slowest requests.", kBlocker, 2,
              "browser", kBrowser, smoke::try_browser},
    CheckKind{
        "page-load", "Page loads in time", "A slow first page is a page many visitors leave.",
        "Compare the phases: DNS and connect point at the network, wait at the server, transfer at the page's size.",
        kBlocker, 2, "budget", kRequest, smoke::try_requests},
    CheckKind{"api-health", "API answers", "The application says itself whether it and what it depends on are well.",
              "Call the endpoint by hand and read what it says; look at the release's logs.", kBlocker, 2, "", kRequest,
              smoke::try_requests},
};

}  // namespace

std::span<const CheckKind> catalog() noexcept { return kCatalog; }

}  // namespace launchgate::checks
