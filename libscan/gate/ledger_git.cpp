// The ledger as a ref of the repository's own remote: compare-and-swap without a server.
//
// Each state is a commit without parents holding one file, so that reading costs one small fetch however old the
// ledger is. A writer fetches, merges, and pushes with the id it read as the expected old one; when another was first,
// the remote refuses and the writer begins again. The refspec has no leading '+': that would cancel the expectation.
// The `git` program does it all, because it knows this machine's credentials. Nothing in the work tree, the index or
// the refs of the local repository is touched.
#include <fmt/format.h>

#include <algorithm>
#include <random>

#include "libscan/core/text.hpp"
#include "libscan/gate/event_lines.hpp"
#include "libscan/gate/ledger.hpp"
#include "libscan/gate/process.hpp"

namespace launchgate::gate {
namespace {

constexpr int kTries = 12;  // eight writers at once: the unluckiest is eighth
constexpr std::string_view kFile = "events.jsonl";
constexpr std::string_view kRemote = "origin";

std::string first_line(std::string_view text) {
  return std::string(text.substr(0, std::min(text.find('\n'), text.size())));
}

class GitLedger final : public Ledger {
 public:
  GitLedger(std::string folder, std::string ref, net::Clock& clock)
      : folder_(std::move(folder)), ref_(std::move(ref)), clock_(clock) {}

  History load(const Run& run) override {
    History history;
    history.run = run;
    read(history);
    return history;
  }

  Result<void> append(const std::vector<Event>& events) override {
    std::minstd_rand random(std::random_device{}());
    std::string problem;
    for (int i = 0; i < kTries; ++i) {
      if (i > 0) clock_.sleep_for(std::uniform_real_distribution<double>(20, 100.0 * (i + 1))(random));
      History before;
      const std::string old = read(before);
      // Unreachable, or not ours to overwrite: the remote keeps what it has.
      if (before.state == History::State::lost) {
        problem = before.problem;
        continue;
      }
      std::vector<Event> merged = prune(merge_events(before.events, events));
      const std::string now = make_commit(event_lines(merged), problem);
      if (now.empty()) break;
      const Ran pushed = git({"push", "--quiet", "--no-verify", fmt::format("--force-with-lease={}:{}", ref_, old),
                              std::string(kRemote), now + ":" + ref_});
      if (pushed.status == 0) return {};
      problem = "push refused: " + shown(pushed);
    }
    return fail(ErrorCode::io, fmt::format("the ledger {} could not be written: {}", printable(ref_), problem),
                "this job must be allowed to push to that ref (contents: write)");
  }

 private:
  Ran git(std::vector<std::string> words, std::string_view input = {}) const {
    Program program;
    program.words = std::move(words);
    program.words.insert(program.words.begin(), "git");
    program.folder = folder_;
    program.input = input;
    program.max_out = kMaxLedgerBytes;
    program.env = {{"GIT_TERMINAL_PROMPT", "0"},         {"LC_ALL", "C"},
                   {"GIT_AUTHOR_NAME", "launchgate"},    {"GIT_AUTHOR_EMAIL", "launchgate@localhost"},
                   {"GIT_COMMITTER_NAME", "launchgate"}, {"GIT_COMMITTER_EMAIL", "launchgate@localhost"}};
    return run_program_to_end(program);
  }

  // git names the remote's URL in its messages, which may hold a token.
  static std::string shown(const Ran& ran) {
    std::string text = ran.error;
    for (std::size_t at = 0; (at = text.find("://", at)) != std::string::npos;) {
      const std::size_t end = std::min(text.find_first_of(" '\"\n", at), text.size());
      text.replace(at, end - at, "://…");
      at += 3;
    }
    std::replace(text.begin(), text.end(), '\n', ' ');
    return ellipsize(printable(text), 200);
  }

  // ls-remote matches the ends of names: refs/heads/refs/launchgate/prod is listed too, and first.
  std::string id_of_ref(std::string_view listed) const {
    while (!listed.empty()) {
      const std::string line = first_line(listed);
      if (const std::size_t tab = line.find('\t'); tab != std::string::npos && line.substr(tab + 1) == ref_)
        return line.substr(0, tab);
      listed.remove_prefix(std::min(line.size() + 1, listed.size()));
    }
    return "";
  }

  // The remote's state and its id ("" = the ref does not exist).
  std::string read(History& history) const {
    const auto lost = [&](std::string why) {
      history.state = History::State::lost;
      history.problem = std::move(why);
      return std::string();
    };
    const Ran listed = git({"ls-remote", "--refs", std::string(kRemote), ref_});
    if (listed.status != 0) return lost("cannot ask the remote: " + shown(listed));
    std::string id = id_of_ref(listed.out);
    if (id.empty()) {
      history.state = History::State::absent;
      return "";
    }
    // By id where the server allows it, so that another's push in between does not matter; else by name.
    Ran fetched = git({"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", std::string(kRemote), id});
    if (fetched.status != 0)
      fetched = git({"fetch", "--quiet", "--no-tags", "--no-write-fetch-head", std::string(kRemote), ref_});
    const Ran text = git({"cat-file", "blob", fmt::format("{}:{}", id, kFile)});
    if (text.status != 0) return lost("cannot read the ledger: " + shown(fetched.status != 0 ? fetched : text));
    ParsedEvents parsed = parse_event_lines(text.out);
    if (!parsed.problem.empty()) return lost(ref_ + ": " + parsed.problem);
    history.events = std::move(parsed.events);
    return id;
  }

  std::string make_commit(const std::string& text, std::string& problem) const {
    const Ran blob = git({"hash-object", "-w", "--stdin"}, text);
    if (blob.status != 0) return problem = shown(blob), "";
    const std::string entry = fmt::format("100644 blob {}\t{}\n", first_line(blob.out), kFile);
    const Ran tree = git({"mktree"}, entry);
    if (tree.status != 0) return problem = shown(tree), "";
    const Ran commit = git({"commit-tree", "--no-gpg-sign", "-m", "launchgate ledger", first_line(tree.out)});
    if (commit.status != 0) return problem = shown(commit), "";
    return first_line(commit.out);
  }

  std::string folder_, ref_;
  net::Clock& clock_;
};

}  // namespace

std::unique_ptr<Ledger> open_git_ledger(std::string folder, std::string ref, net::Clock& clock) {
  return std::make_unique<GitLedger>(std::move(folder), std::move(ref), clock);
}

}  // namespace launchgate::gate
