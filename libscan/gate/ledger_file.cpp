// The ledger in a file: read, union, written whole under a lock beside it (the file itself is replaced by rename, so a
// lock on it would be a lock on something gone).
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <system_error>

#include "libscan/core/atomic_file.hpp"
#include "libscan/core/text.hpp"
#include "libscan/gate/event_lines.hpp"
#include "libscan/gate/ledger.hpp"

namespace launchgate::gate {
namespace {

constexpr double kPatienceMs = 10'000;  // a writer holds the lock for milliseconds
constexpr double kLockPollMs = 10;

class Descriptor {
 public:
  Descriptor(const std::string& path, int flags) : fd_(::open(path.c_str(), flags | O_CLOEXEC, 0666)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (fd_ >= 0) ::close(fd_);
  }
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string errno_text(int error) { return std::generic_category().message(error); }

class FileLedger final : public Ledger {
 public:
  FileLedger(std::string path, net::Clock& clock) : path_(std::move(path)), clock_(clock) {}

  History load(const Run& run) override {
    History history;
    history.run = run;
    std::string text;
    if (!read(text, history.state, history.problem)) return history;
    ParsedEvents parsed = parse_event_lines(text);
    history.events = std::move(parsed.events);
    if (parsed.problem.empty()) return history;
    history.state = History::State::lost;
    history.problem = printable(path_) + ": " + parsed.problem;
    return history;
  }

  Result<void> append(const std::vector<Event>& events) override {
    make_folder();
    const std::string lock_path = path_ + ".lock";
    const Descriptor lock(lock_path, O_RDWR | O_CREAT);
    if (lock.get() < 0)
      return fail(ErrorCode::io, fmt::format("{}: cannot lock: {}", printable(lock_path), errno_text(errno)),
                  "the ledger's folder must exist and be writable");
    const double give_up = clock_.now_ms() + kPatienceMs;
    while (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
      if (clock_.now_ms() >= give_up)
        return fail(ErrorCode::io, printable(lock_path) + ": locked by another run for too long", "try again");
      clock_.sleep_for(kLockPollMs);
    }
    const History before = load(events.empty() ? Run{} : events.front().run);
    if (before.state == History::State::lost && !set_aside())
      return fail(ErrorCode::io, before.problem, "move it away, or name another file as the ledger");
    return write_file_atomically(path_, event_lines(prune(merge_events(before.events, events))));
  }

 private:
  // "file:.launchgate/ledger.jsonl" works at once. One level and no more: a path that is wrong further up is a mistake.
  // That it could not be made is told by what comes next.
  void make_folder() const {
    if (const std::size_t slash = path_.rfind('/'); slash != std::string::npos && slash > 0)
      ::mkdir(path_.substr(0, slash).c_str(), 0777);
  }

  // What cannot be read is kept for a person to look at; a ledger that stays unreadable would be lost for good. But
  // only a file is: a folder that was named by mistake is somebody's work.
  bool set_aside() const {
    struct stat s {};
    return ::stat(path_.c_str(), &s) == 0 && S_ISREG(s.st_mode) &&
           std::rename(path_.c_str(), (path_ + ".unreadable").c_str()) == 0;
  }

  bool read(std::string& text, History::State& state, std::string& problem) const {
    const Descriptor file(path_, O_RDONLY);
    if (file.get() < 0) {
      state = errno == ENOENT ? History::State::absent : History::State::lost;
      problem = printable(path_) + ": " + errno_text(errno);
      return false;
    }
    char buffer[64 << 10];
    while (true) {
      const ssize_t n = ::read(file.get(), buffer, sizeof buffer);
      if (n == 0) return true;
      if (n < 0 && errno == EINTR) continue;
      if (n > 0) text.append(buffer, static_cast<std::size_t>(n));
      if (n > 0 && text.size() <= kMaxLedgerBytes) continue;
      state = History::State::lost;
      problem = printable(path_) + ": " + (n < 0 ? errno_text(errno) : "too large for a ledger");
      return false;
    }
  }

  std::string path_;
  net::Clock& clock_;
};

}  // namespace

std::unique_ptr<Ledger> open_file_ledger(std::string path, net::Clock& clock) {
  return std::make_unique<FileLedger>(std::move(path), clock);
}

}  // namespace launchgate::gate
