// BlobScanner hands each finding in a file the hash GitHub would compute of the file on disk.
#include <doctest/doctest.h>

#include "libscan/core/line_hash.hpp"
#include "libscan/secrets/blob_scanner.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "libscan/secrets/sample.hpp"

using namespace launchgate;
using namespace launchgate::secrets;

namespace {

std::vector<Finding> scan(std::string_view bytes, const Location& where) {
  const Matcher matcher = std::move(*Matcher::create(
      load_rules("[[rules]]\nid='acme'\nregex='\\b(acme_[a-z0-9]{20})\\b'\nkeywords=['acme_']\n", "r.toml")->rules));
  BlobScanner scanner = std::move(*BlobScanner::create(matcher, {}));
  std::vector<Finding> out;
  scanner.scan(bytes, where, out);
  return out;
}

}  // namespace

TEST_CASE("a finding in a file has its line's hash, of the file as it lies on disk") {
  const std::string token = *expand_sample("acme_<alnum:20>", 5);
  for (const std::string& mark : {std::string(), std::string("\xef\xbb\xbf")}) {
    std::string lowered = token;
    for (char& c : lowered) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const std::string bytes = mark + "# first\n\tkey = " + lowered + "\r\nlast = " + lowered + "\n";
    Location where;
    where.path = "a.yml";
    const std::vector<Finding> found = scan(bytes, where);
    REQUIRE(found.size() == 2);
    const std::vector<std::string> hashes = github_line_hashes(bytes, {2, 3});
    CHECK(found[0].line_hash == hashes[0]);
    CHECK(found[1].line_hash == hashes[1]);

    where.commit = "3f786850e387550fdab836ed7e6dc881de23001b";
    for (const Finding& f : scan(bytes, where)) CHECK(f.line_hash.empty());  // not on disk
  }
}
