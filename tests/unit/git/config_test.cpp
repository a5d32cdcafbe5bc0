// Our reader against `git config`, which wrote or reads the same text.
#include "libscan/git/config.hpp"

#include <doctest/doctest.h>

#include "tests/support/temp_repo.hpp"

using namespace launchgate::git;
using launchgate::testing::run;
using launchgate::testing::split;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;

namespace {

Config parse(std::string_view text) {
  Config config;
  config.add_text(text, "/x/config", Config::Scope::local, test_environment(), {});
  return config;
}

}  // namespace

TEST_CASE("the same entries as git config --list") {
  TempDir dir;
  const std::string_view texts[] = {
      "[core]\n\tbare = false\n\tworktree = ../sub dir\n",
      "[Core] BARE\n[remote \"Origin\"]\n url = \"a;b#c\" ; comment\n fetch = +refs/*:refs/* # c\n",
      "[a]\nb = one \\\n  two\nc = \"  kept  \"  \nd = x\\ty\\\\z\\\"q\n",
      "\xef\xbb\xbf[old.Style]\nkey=v\n[x \"with \\\"quote\\\" and \\\\ slash\"] k = 1\n",
      "[crlf]\r\nkey = value\r\nother = \"quoted\"\r\n",
      "[s] a = 1\nb = 2   \n# c\n;d\n[s]\na = 3\n",
      "[e]\nempty =\nnone\nyes = on\n",
      "[q]\nv = a\"b  c\"d  e\n",
  };
  for (std::string_view text : texts) {
    CAPTURE(text);
    dir.write("config", text);
    const auto told = run({"git", "config", "-z", "--list", "--file", "config"}, dir.path());
    REQUIRE(told.status == 0);
    std::string ours;
    const Config config = parse(text);
    for (const Config::Entry& entry : config.entries()) {
      ours += entry.name;
      if (!entry.valueless) ours += "\n" + entry.value;
      ours += '\0';
    }
    CHECK(ours == told.out);
  }
}

TEST_CASE("booleans, last value wins, command scope") {
  const Config config = parse("[core]\nbare\nignorecase = Yes\nx = off\ny = nonsense\n[core]\nx = true\n");
  CHECK(config.get_bool("core.bare", false));
  CHECK(config.get_bool("core.ignorecase", false));
  CHECK(config.get_bool("core.x", false));
  CHECK(config.get_bool("core.y", true));
  CHECK_FALSE(config.get_bool("core.absent", false));
  Config command;
  command.add_command(test_environment({{"GIT_CONFIG_PARAMETERS", "'core.a'='it'\\''s' 'core.B=old way' 'core.flag'"},
                                        {"GIT_CONFIG_COUNT", "1"},
                                        {"GIT_CONFIG_KEY_0", "Core.Z"},
                                        {"GIT_CONFIG_VALUE_0", "v"}}));
  CHECK(command.get("core.a") == "it's");
  CHECK(command.get("core.b") == "old way");
  CHECK(command.get_bool("core.flag", false));
  CHECK(command.get("core.z") == "v");
}

TEST_CASE("includes: relative, conditional, bounded") {
  TempDir dir;
  dir.write("main",
            "[include]\npath = more\n[includeIf \"gitdir:**/shop/.git\"]\npath = work\n"
            "[includeIf \"onbranch:release/\"]\npath = branch\n[includeIf \"gitdir:/else/\"]\npath = other\n");
  dir.write("more", "[k]\na = 1\n[include]\npath = more\n");  // includes itself
  dir.write("work", "[k]\nb = 2\n");
  dir.write("branch", "[k]\nc = 3\n");
  dir.write("other", "[k]\nd = 4\n");
  Config config;
  REQUIRE(config.add_file(dir.path() + "/main", Config::Scope::global, test_environment(),
                          {"/home/me/shop/.git", "release/1.2"}));
  CHECK(config.get("k.a") == "1");
  CHECK(config.get("k.b") == "2");
  CHECK(config.get("k.c") == "3");
  CHECK_FALSE(config.get("k.d"));
}

TEST_CASE("broken text is left out, what follows is read") {
  for (std::string_view text : {"[unclosed\nx = 1\n[ok]\nk = v\n", "novalue = 1\n[ok]\nk = v\n", "[\"\"]\n[ok]k=v",
                                "[a \"b\nc\"]\nx=1\n[ok]\nk = v\n", "[ok]\n= 3\nk = v\n"}) {
    CAPTURE(text);
    CHECK(parse(text).get("ok.k") == "v");
  }
  CHECK(parse("[a]\nk = \"unclosed").get("a.k") == "unclosed");
  CHECK(parse("[a]\nk = x\\").entries().size() == 1);
}
