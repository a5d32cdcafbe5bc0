// The library in one class: compile a rule set once, scan buffers from any thread, get findings.
//
//   auto scanner = launchgate::Scanner::builtin();
//   if (!scanner) return report(scanner.error());
//   for (const launchgate::Finding& f : scanner->scan(bytes, "config/app.yml").value()) show(f);
//
// No exception leaves it, there is no global state, nothing is read from disk, environment or network. Findings own
// their strings and hold no raw secret. One buffer costs about 0.5 ns a byte, a Worker about 100 KB.
// Thread-safety: a Scanner is immutable and may be shared; a Worker belongs to one thread at a time and must not
// outlive its Scanner.
#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "libscan/core/finding.hpp"
#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"

namespace launchgate {

class Scanner {
 public:
  // The built-in catalogue, ready-made: a few milliseconds.
  static Result<Scanner> builtin();
  // Rules in the gitleaks TOML format (docs/rules.md), compiled on the spot: about 2 ms a rule. `name` stands for the
  // text in error messages. `[extend] useDefault = true` extends the built-in catalogue; `path` is refused.
  static Result<Scanner> from_toml(std::string_view toml, std::string_view name);

  // Scans for one thread, keeping its working memory between buffers.
  class Worker {
   public:
    Worker(Worker&&) noexcept;
    Worker& operator=(Worker&&) noexcept;
    ~Worker();
    // Appends the findings in `bytes`, in text order. `path` is what path rules and allowlists see, and the findings'
    // where.path. `bytes` may be of any content and is not kept.
    void scan(std::string_view bytes, std::string_view path, std::vector<Finding>& out);

   private:
    friend class Scanner;
    struct Impl;
    explicit Worker(std::unique_ptr<Impl>) noexcept;
    std::unique_ptr<Impl> impl_;
  };
  Result<Worker> worker() const;  // fails only for want of memory

  // A Worker for one buffer: convenient, and slower for many small ones.
  Result<std::vector<Finding>> scan(std::string_view bytes, std::string_view path) const;

  // Every rule this scanner reports, sorted by id.
  std::vector<RuleInfo> rules() const;

  Scanner(Scanner&&) noexcept;
  Scanner& operator=(Scanner&&) noexcept;
  ~Scanner();

 private:
  struct Impl;
  explicit Scanner(std::unique_ptr<Impl>) noexcept;
  std::unique_ptr<Impl> impl_;
};

}  // namespace launchgate
