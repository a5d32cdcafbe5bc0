// Other people's programs, run to their end or to ours: bounded in time and in what they may say.
#include "libscan/gate/process.hpp"

#include <doctest/doctest.h>

#include <csignal>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using namespace launchgate::gate;

namespace {

Program shell(std::string script) {
  Program p;
  p.words = {"sh", "-c", std::move(script)};
  p.timeout_ms = 20'000;
  return p;
}

}  // namespace

TEST_CASE("a program gets its words, folder, variables and input, and its output and exit code come back") {
  const testing::TempDir dir;
  const std::string input(300'000, 'x');  // more than a pipe holds, both ways at once
  Program p = shell("pwd; printf '%s|' \"$LG_NEW\" \"$0\" \"$1\"; echo; cat; echo oops >&2; exit 7");
  p.words.insert(p.words.end(), {"a b", "$(id)"});
  p.folder = dir.path();
  p.env = {{"LG_NEW", "1 2"}};
  p.input = input;
  const Ran ran = run_program_to_end(p);
  CHECK(ran.status == 7);
  CHECK(ran.out.ends_with("\n1 2|a b|$(id)|\n" + input));
  CHECK(ran.error == "oops\n");
}

TEST_CASE("a program that is not there, does not end, says too much or is killed has no exit code") {
  Program missing = shell("");
  missing.words = {"launchgate-no-such-program"};
  const Ran none = run_program_to_end(missing);
  CHECK(none.status == -1);
  CHECK(none.error.find("is it installed?") != std::string::npos);

  Program endless = shell("exec sleep 600");
  endless.timeout_ms = 50;
  const Ran late = run_program_to_end(endless);
  CHECK(late.status == -1);
  CHECK(late.error == "sh took too long or said too much");

  Program talker = shell("exec yes");
  talker.max_out = 10'000;
  const Ran cut = run_program_to_end(talker);
  CHECK(cut.status == -1);
  CHECK(cut.out.size() <= 10'000 + (16 << 10));
  CHECK(run_program_to_end(shell("kill -9 $$")).status == -1);
}

TEST_CASE("a program that does not read what it is given is no trouble") {
  const std::string input(1 << 20, 'x');
  Program p = shell("exec true");
  p.input = input;
  const auto before = std::signal(SIGPIPE, SIG_IGN);  // as launchgate does from its start
  CHECK(run_program_to_end(p).status == 0);
  std::signal(SIGPIPE, before);
}
