#include "libscan/secrets/service_names.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "libscan/secrets/matcher.hpp"
#include "libscan/secrets/rule_loader.hpp"
#include "tests/support/matchers.hpp"

using namespace launchgate;
using namespace launchgate::secrets;
using launchgate::testing::matcher_of;
using launchgate::testing::rule;
using launchgate::testing::set_of;

namespace {

RuleSet services() {
  Rule maps, files;
  maps.id = "map-key";
  maps.names = {"TomTom", "HERE: hereapi, heremaps", "OpenWeather: openweathermap"};
  files.id = "file-key";
  files.names = {"Box: boxclient"};
  return set_of({maps, files});
}

// The service named beside the value, which stands between < and >.
std::string beside(std::string text) {
  static const RuleSet rules = services();
  const std::size_t begin = text.find('<');
  text.erase(begin, 1);
  const std::size_t end = text.find('>');
  text.erase(end, 1);
  const auto found = ServiceNames(rules).beside(text, {begin, end});
  return found ? rules.rules[found->rule].id + " " + std::string(found->name) : "";
}

}  // namespace

TEST_CASE("a service is named by the variable, the client, the host or the block") {
  CHECK(beside("TOMTOM_KEY=<v>") == "map-key TomTom");
  CHECK(beside("tomTomKey: '<v>'") == "map-key TomTom");
  CHECK(beside("const c = new Tomtom({ key: '<v>' })") == "map-key TomTom");
  CHECK(beside("curl -H 'X-Api-Key: <v>' https://api.tomtom.com/x") == "map-key TomTom");
  CHECK(beside("open_weather_map.key = <v>") == "map-key OpenWeather");
  CHECK(beside("tomtom:\n  key: <v>\n") == "map-key TomTom");
  CHECK(beside("[tomtom]\r\nkey = <v>") == "map-key TomTom");
}

TEST_CASE("words of programs name nothing, nor do other lines and longer words") {
  CHECK(beside("box_key = <v>").empty());
  CHECK(beside("BOX_CLIENT_SECRET = <v>") == "file-key Box");
  CHECK(beside("look here: key = <v>").empty());
  CHECK(beside("HERE_API_KEY=<v>") == "map-key HERE");
  CHECK(beside("TOMTOM_URL=x\nAPI_KEY=<v>").empty());
  CHECK(beside("API_KEY=<v>\nTOMTOM_URL=x").empty());
  CHECK(beside("tomtomato_key=<v>").empty());
  CHECK(beside("tom tom key=<v>").empty());  // two words
}

TEST_CASE("of two services the nearer one counts, and what stands in front before what follows") {
  CHECK(beside("tomtom, boxclient: <v>") == "file-key Box");
  CHECK(beside("boxclient=<v> tomtom") == "file-key Box");
}

TEST_CASE("a generic finding is reported under the rule of its service, another is left alone") {
  RuleSet rules = services();
  rules.rules.push_back(rule("generic-key", "key=([a-z0-9]{12})"));
  rules.rules.back().judge_value = true;
  rules.rules.push_back(rule("generic-api-key", "gitleaks=([a-z]{8})"));
  rules.rules.push_back(rule("own-key", "own=([a-z]{8})"));
  const Matcher m = matcher_of(set_of(rules.rules));
  auto scratch = m.scratch();
  REQUIRE(scratch.has_value());
  std::vector<Match> found;
  const std::string value = "x7kp2mqz9rw4";
  const std::string text =
      "tomtom_api_key=" + value + "\nsome_api_key=" + value + "\ntomtom_own=abcdefgh\ntomtom_gitleaks=abcdefgh\n";
  m.scan(text, {"a.txt", "", false}, **scratch, found);
  REQUIRE(found.size() == 4);
  CHECK(m.rules().rules[found[0].rule].id == "map-key");
  CHECK(found[0].service == "TomTom");
  CHECK(m.rules().rules[found[1].rule].id == "generic-key");
  CHECK(found[1].service.empty());
  CHECK(m.rules().rules[found[2].rule].id == "own-key");
  CHECK(m.rules().rules[found[3].rule].id == "generic-api-key");  // of a rule file of the user's own
}

TEST_CASE("names are for rules that find nothing by themselves") {
  const auto with_regex = load_rules("[[rules]]\nid = \"a\"\nregex = \"abc\"\nnames = [\"A\"]\n", "r.toml", {});
  REQUIRE_FALSE(with_regex.has_value());
  CHECK(with_regex.error().what.find("'names'") != std::string::npos);
  const auto alone = load_rules("[[rules]]\nid = \"a\"\nnames = [\"A\"]\n", "r.toml", {});
  REQUIRE(alone.has_value());
  REQUIRE(alone->rules.rules.size() == 1);
  CHECK(alone->rules.rules[0].names == std::vector<std::string>{"A"});
}
