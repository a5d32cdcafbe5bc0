// Every file of tests/events: an event as a CI system or hook tells it, in a real clone, and the commits it must lead
// to.
#include "libscan/engine/ci_event.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "tests/support/temp_repo.hpp"

using namespace launchgate;
using launchgate::testing::run_git;
using launchgate::testing::TempDir;
using launchgate::testing::test_environment;
using Json = nlohmann::json;

namespace {

namespace fs = std::filesystem;

std::string line_of(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text;
}

// The repository of tests/events/README.md, and the clones cases ask for.
class World {
 public:
  World() {
    git({"init", "-q", "-b", "main"});
    commit("m1");
    git({"checkout", "-q", "-b", "topic"});
    commit("t1"), commit("t2");
    git({"tag", "-a", "-m", "release", "v1"});
    names_["v1"] = line_of(git({"rev-parse", "v1"}));
    commit("t3");
    git({"checkout", "-q", "main"});
    commit("m2"), commit("m3");
    git({"checkout", "-q", "-b", "pull/7/merge"});
    git({"merge", "-q", "--no-ff", "-m", "merge", "topic"});
    names_["merge"] = line_of(git({"rev-parse", "HEAD"}));
    git({"checkout", "-q", "main"});
    names_["gone"] = std::string(39, 'd') + "1";
    // The local commits are made once, in a clone, and lent to others as objects.
    run_git(dir_.path(), {"clone", "-q", "--no-local", "-b", "topic", origin(), "local"});
    for (const char* name : {"l1", "l2"}) commit_in(dir_.path() + "/local", name);
  }

  // The path of a new clone made as the case says.
  std::string clone(const Json& how) {
    const std::string to = dir_.path() + "/clone-" + std::to_string(++clones_);
    std::vector<std::string> arguments = {"clone", "-q", "--no-local"};
    if (how.contains("depth")) arguments.insert(arguments.end(), {"--depth", std::to_string(how["depth"].get<int>())});
    if (how.contains("branch"))
      arguments.insert(arguments.end(), {"--single-branch", "-b", how["branch"].get<std::string>()});
    arguments.insert(arguments.end(), {"file://" + origin(), to});
    run_git(dir_.path(), arguments);
    if (!how.contains("branch")) {
      run_git(to, {"fetch", "-q", dir_.path() + "/local", "topic"});
      if (how.contains("head")) run_git(to, {"checkout", "-q", names_.at(how["head"])});
    }
    return to;
  }

  // `text` with every $name replaced by its commit.
  std::string filled(const std::string& text) const {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] != '$') {
        out += text[at++];
        continue;
      }
      std::size_t end = at + 1;
      while (end < text.size() && std::isalnum(static_cast<unsigned char>(text[end])) != 0) ++end;
      out += names_.at(text.substr(at + 1, end - at - 1));
      at = end;
    }
    return out;
  }

  std::string name_of(const std::string& id) const {
    for (const auto& [name, commit] : names_)
      if (commit == id) return name;
    return id;
  }

 private:
  std::string origin() const { return dir_.path() + "/origin"; }
  std::string git(const std::vector<std::string>& arguments) {
    dir_.make_dir("origin");
    return run_git(origin(), arguments);
  }
  void commit(const std::string& name) { commit_in(origin(), name); }
  void commit_in(const std::string& dir, const std::string& name) {
    std::ofstream(dir + "/" + name) << name;
    run_git(dir, {"add", "-A"});
    const std::string date = std::to_string(clock_ += 60) + " +0000";
    run_git(dir, {"commit", "-q", "-m", name}, {{"GIT_COMMITTER_DATE", date}});
    names_[name] = line_of(run_git(dir, {"rev-parse", "HEAD"}));
  }

  TempDir dir_;
  std::map<std::string, std::string> names_;
  int clock_ = 1700000000;
  int clones_ = 0;
};

ErrorCode code_of(const std::string& name) { return name == "usage" ? ErrorCode::usage : ErrorCode::undecided; }

void check_error(const Error& error, const Json& expected) {
  INFO(error.what, " / ", error.hint);
  REQUIRE(expected.contains("error"));
  CHECK(error.code == code_of(expected["error"]));
  CHECK(error.hint.find(expected["hint"].get<std::string>()) != std::string::npos);
}

void check_range(const git::Range& range, const Json& expected, const World& world) {
  INFO(range.sentence);
  CHECK_FALSE(expected.contains("error"));
  CHECK(range.kind == expected.value("kind", ""));
  CHECK(range.whole == expected.value("whole", false));
  CHECK(range.heads.empty() == expected.value("nothing", false));
  CHECK(range.notes.size() == expected.value("notes", 0U));
  CHECK(range.sentence.size() > 10);
  std::set<std::string> commits;
  for (const git::Oid& oid : range.found.commits) commits.insert(world.name_of(oid.hex()));
  const auto wanted = expected.value("commits", std::vector<std::string>());
  CHECK(commits == std::set<std::string>(wanted.begin(), wanted.end()));
}

}  // namespace

TEST_CASE("every recorded event leads to its commits, or to the sentence that mends it") {
  World world;
  TempDir events;
  std::size_t cases = 0;
  for (const auto& file : fs::directory_iterator(fs::path(LG_SOURCE_DIR) / "tests/events")) {
    if (file.path().extension() != ".json") continue;
    ++cases;
    INFO(file.path().filename().string());
    std::ifstream in(file.path());
    const Json recorded = Json::parse(in, nullptr, false);
    REQUIRE(recorded.is_object());

    git::Environment env = test_environment();
    for (const auto& [name, value] : recorded["env"].items()) env.set(name, world.filled(value.get<std::string>()));
    if (recorded.contains("event")) {
      events.write("event.json", world.filled(recorded["event"].dump()));
      env.set("GITHUB_EVENT_PATH", events.path() + "/event.json");
    }
    CHECK(engine::wants_hook_lines(env) == recorded.contains("hook_lines"));
    const Json& expected = recorded["expect"];
    auto change = engine::detect_change(env, world.filled(recorded.value("hook_lines", "")));
    if (!change) {
      check_error(change.error(), expected);
      continue;
    }
    const std::string clone = world.clone(recorded);
    auto repository = git::find_repository(clone, env);
    REQUIRE(repository);
    REQUIRE(*repository);
    git::ObjectReader objects(**repository);
    auto range = git::resolve_range(*change, **repository, objects);
    if (range)
      check_range(*range, expected, world);
    else
      check_error(range.error(), expected);
  }
  CHECK(cases > 40);
}

TEST_CASE("a real push: pre-receive sees what is in quarantine, and only that") {
  TempDir dir;
  run_git(dir.path(), {"init", "-q", "--bare", "server"});
  run_git(dir.path(), {"init", "-q", "-b", "main", "work"});
  const std::string work = dir.path() + "/work", server = dir.path() + "/server";
  dir.write("work/a", "1");
  run_git(work, {"add", "-A"});
  run_git(work, {"commit", "-q", "-m", "one"});
  run_git(work, {"push", "-q", server, "main"});
  dir.write("work/a", "2");
  run_git(work, {"commit", "-q", "-am", "two"});
  run_git(work, {"branch", "other"});

  // The hook keeps the push waiting; the test looks at it as a scanner in the hook would.
  dir.write("server/hooks/pre-receive", "#!/bin/sh\ncat > '" + dir.path() + "/lines'\nenv -0 > '" + dir.path() +
                                            "/env'\ncp -r . '" + dir.path() + "/seen'\nexit 0\n");
  fs::permissions(server + "/hooks/pre-receive", fs::perms::owner_all);
  run_git(work, {"push", "-q", server, "main", "other"});

  const auto text_of = [](const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(in), {});
  };
  git::Environment env;
  for (const std::string& pair : testing::split(text_of(dir.path() + "/env"), '\0')) {
    const std::size_t equals = pair.find('=');
    std::string value = pair.substr(equals + 1);
    // What was copied while the hook ran is what it saw.
    if (const std::size_t at = value.find(server); at != std::string::npos)
      value.replace(at, server.size(), dir.path() + "/seen");
    env.set(pair.substr(0, equals), value);
  }
  REQUIRE(env.has("GIT_QUARANTINE_PATH"));
  const fs::path before = fs::current_path();
  fs::current_path(dir.path() + "/seen");
  auto change = engine::detect_change(env, text_of(dir.path() + "/lines"));
  REQUIRE(change);
  CHECK(change->kind == "receive");
  auto repository = git::find_repository(".", env);
  REQUIRE(repository);
  REQUIRE(*repository);
  git::ObjectReader objects(**repository);
  auto range = git::resolve_range(*change, **repository, objects);
  fs::current_path(before);
  if (!range) FAIL(range.error().what);
  REQUIRE(range->found.commits.size() == 1);
  CHECK(range->found.commits[0].hex() == line_of(run_git(work, {"rev-parse", "main"})));
}

TEST_CASE("a deployment is read from the two events that name one, and not from one of our own making") {
  TempDir dir;
  const auto detect = [&](const std::string& name, const std::string& event) {
    git::Environment env = test_environment();
    env.set("GITHUB_ACTIONS", "true");
    env.set("GITHUB_EVENT_NAME", name);
    dir.write("event.json", event);
    env.set("GITHUB_EVENT_PATH", dir.path() + "/event.json");
    return engine::detect_deployment(env);
  };
  const std::string event = R"({"deployment": {"id": 3141592653589, "environment": "production"})";
  for (const char* name : {"deployment", "deployment_status"}) {
    CAPTURE(name);
    const auto found = detect(name, event + R"(, "deployment_status": {"state": "success", "description": "done"}})");
    REQUIRE(found);
    REQUIRE(*found);
    CHECK((*found)->id == "3141592653589");
    CHECK((*found)->environment == "production");
    for (const char* bad : {"", "[]", "{}", R"({"deployment": 5})", R"({"deployment": {"id": "5"}})",
                            R"({"deployment": {"id": -5}})", R"({"deployment": {"id": 1.5}})"}) {
      CAPTURE(bad);
      CHECK_FALSE(detect(name, bad));
    }
  }
  const auto own =
      detect("deployment_status", event + R"(, "deployment_status": {"description": "launchgate: HOLD"}})");
  REQUIRE(own);
  CHECK_FALSE(*own);
  const auto other = detect("push", event + "}");
  REQUIRE(other);
  CHECK_FALSE(*other);
  git::Environment elsewhere = test_environment();
  elsewhere.set("GITHUB_EVENT_NAME", "deployment");
  const auto none = engine::detect_deployment(elsewhere);
  REQUIRE(none);
  CHECK_FALSE(*none);
}
