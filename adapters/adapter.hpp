// An adapter turns one Report into the text of one output format.
//
// Every adapter is a pure function: the same Report, Verdict and options give the same bytes, whatever the machine,
// terminal or CI it runs on. What depends on those (is this a terminal? what time is it? which commit is checked out?)
// the program finds out and passes in RenderOptions. No adapter reads a file, a clock or a variable.
//
// What every adapter owes its readers:
//  - the output is valid UTF-8, whatever bytes paths, messages or server replies hold;
//  - foreign text cannot leave its place: it ends no line, opens no tag, is no formula, and issues no command to a CI
//    system that reads our standard output (adapters/escape.hpp);
//  - what was not looked at is said in the format's own way; only jsonl and csv, which promise one finding a line and
//    nothing else, leave it to the exit code.
//
// Adding one: write adapters/<name>.cpp with its function, declare it in adapters/formats.hpp, add its line to
// registry.cpp. The golden tests then render every case through it and ask for a snapshot.
// Thread-safety: pure functions. They cannot fail: every Report has a rendering in every format.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "libscan/core/report.hpp"
#include "libscan/core/verdict.hpp"

namespace launchgate::adapters {

struct RenderOptions {
  // For people.
  bool color = false;     // ANSI colours
  std::size_t width = 0;  // wrap prose at this many columns; 0 = never
  bool verbose = false;   // fingerprints, passing attempts, every example of what was skipped

  // Where to point for what has no file of its own (a page of the site, a check without a place): relative to the
  // repository root. Code scanning and code quality reports have no entry without a file.
  std::string config_path = "launchgate.toml";

  // SARIF: what tells several analyses of one commit apart; empty = chosen by the report's mode.
  std::string category;

  // Facts about the run which are not part of what it saw, so that the same sight gives the same report.
  std::string started;   // "YYYY-MM-DDTHH:MM:SS", UTC; empty = unknown
  std::string finished;  // the same
  std::string commit;    // object id that is checked out; empty = unknown
};

// `verdict` may be null: a scan without a gate has none.
using Render = std::string (*)(const Report& report, const Verdict* verdict, const RenderOptions& options);

struct Adapter {
  std::string_view name;       // as --format takes it
  std::string_view about;      // one line for help, no full stop
  std::string_view extension;  // what such a file is usually called: ".sarif"
  Render render;
  bool lists_rules = false;  // all that ran, found or not
};

}  // namespace launchgate::adapters
