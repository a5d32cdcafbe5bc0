// From a report to its outputs: --format on stdout, every --out in its file, and GitHub's own two files.
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <filesystem>
#include <optional>
#include <system_error>

#include "adapters/registry.hpp"
#include "cmd/run.hpp"
#include "libscan/core/atomic_file.hpp"
#include "libscan/core/text.hpp"
#include "libscan/core/units.hpp"
#include "libscan/git/environment.hpp"
#include "libscan/git/file.hpp"
#include "libscan/git/refs.hpp"
#include "libscan/git/repository.hpp"

namespace launchgate::cmd {
namespace {

struct Output {
  const adapters::Adapter* adapter = nullptr;
  std::string file;  // empty = stdout
};

Result<const adapters::Adapter*> find_format(std::string_view name) {
  if (const adapters::Adapter* a = adapters::find(name)) return a;
  std::vector<std::string_view> names;
  for (const adapters::Adapter& a : adapters::all()) names.push_back(a.name);
  const std::string_view near = nearest(name, names);
  return fail(ErrorCode::usage, fmt::format("no output format '{}'", printable(name)),
              near.empty() ? fmt::format("one of {}", fmt::join(names, ", ")) : fmt::format("did you mean {}?", near));
}

// The same regular file, however the two names are written. A terminal or a pipe may take several reports.
bool same_file(const std::string& a, const std::string& b) {
  namespace fs = std::filesystem;
  std::error_code error;
  if (a.empty() || (fs::exists(b, error) && !fs::is_regular_file(b, error))) return false;
  return fs::weakly_canonical(fs::absolute(a, error), error) == fs::weakly_canonical(fs::absolute(b, error), error);
}

Result<std::vector<Output>> outputs_of(const Options& options) {
  std::vector<Output> outputs;
  auto stdout_format = find_format(options.format.empty() ? "text" : options.format);
  if (!stdout_format) return Unexpected{stdout_format.error()};
  outputs.push_back({*stdout_format, ""});
  for (const std::string& out : options.out) {
    const std::size_t equals = out.find('=');
    if (equals == std::string::npos || equals + 1 == out.size())
      return fail(ErrorCode::usage, fmt::format("--out: '{}' names no format and file", printable(out)),
                  "write F=FILE, for example --out sarif=report.sarif");
    auto format = find_format(std::string_view(out).substr(0, equals));
    if (!format) return Unexpected{format.error()};
    Output output{*format, out.substr(equals + 1)};
    if (output.file == "-")
      return fail(ErrorCode::usage, fmt::format("--out: '{}' names no file", printable(out)),
                  fmt::format("what goes to standard output is chosen by --format {}", output.adapter->name));
    for (const Output& other : outputs)
      if (same_file(other.file, output.file))
        return fail(ErrorCode::usage, fmt::format("--out: '{}' is given twice", printable(output.file)),
                    "one file holds one report: give each a file of its own");
    outputs.push_back(std::move(output));
  }
  return outputs;
}

// GitHub's step summary and outputs are files that several steps append to; replacing them would lose theirs.
Result<void> append_to_file(const std::string& path, std::string_view text) {
  const git::Fd file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666));
  if (!file)
    return fail(ErrorCode::io, fmt::format("{}: cannot be opened: {}", printable(path), git::errno_text(errno)));
  for (std::string_view rest = text; !rest.empty();) {
    const ssize_t n = ::write(file.get(), rest.data(), rest.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0)
      return fail(ErrorCode::io, fmt::format("{}: cannot be written: {}", printable(path), git::errno_text(errno)));
    rest.remove_prefix(static_cast<std::size_t>(n));
  }
  return {};
}

// The commit that was deployed, else the one the CI runs for, else the one checked out at what was scanned; empty where
// there is none.
std::string commit_at_hand(const Options& options, const Console& console) {
  if (const auto released = git::Oid::from_hex(options.release)) return released->hex();
  for (const char* name : {"GITHUB_SHA", "CI_COMMIT_SHA"})
    if (const auto value = console.env(name))
      if (const auto oid = git::Oid::from_hex(*value)) return oid->hex();
  const git::Environment env = git::Environment::from(environ);
  const auto repository = git::find_repository(options.words.empty() ? "" : options.words[0], env);
  if (!repository || !*repository) return "";
  const auto head = git::resolve_ref(**repository, "HEAD");
  return head && *head ? (*head)->hex() : "";
}

class Writer {
 public:
  Writer(const Report& report, const Verdict& verdict, const engine::OutputCheck& check, const Options& options,
         Console& console)
      : report_(report), verdict_(verdict), check_(check), console_(console) {
    render_.verbose = options.verbose;
    if (!options.config.empty()) render_.config_path = options.config;
    render_.started = show_utc(console.started());
    render_.finished = show_utc(console.now());
    const bool unwanted = !console.env("NO_COLOR").value_or("").empty();  // no-color.org: "not an empty string"
    color_ = !options.no_color && !unwanted && console.out_is_terminal();
  }

  // What only some formats show and costs a look at the repository.
  void tell_commit(std::string commit) { render_.commit = std::move(commit); }

  void write(const Output& output) {
    adapters::RenderOptions render = render_;
    if (output.file.empty()) {
      render.color = color_;
      render.width = console_.out_is_terminal() ? console_.width() : 0;
    }
    const auto text = clean_text(*output.adapter, render);
    if (!text) return report_failure(text.error());
    if (!output.file.empty()) {
      if (auto written = write_file_atomically(output.file, *text); !written) report_failure(written.error());
    } else if (!console_.write_out(*text)) {
      report_failure(stdout_lost());
    }
  }

  void append(std::string_view format, const std::string& path) {
    const adapters::Adapter* adapter = adapters::find(format);
    if (adapter == nullptr) return;
    const auto text = clean_text(*adapter, render_);
    if (!text) return report_failure(text.error());
    if (auto written = append_to_file(path, *text); !written) report_failure(written.error());
  }

  // 1 wins over 3, and a fault of ours over both.
  int exit_code() const {
    const int verdict = exit_code_of(verdict_);
    if (worst_ == exit_code::internal) return worst_;
    return verdict == exit_code::clean ? worst_ : verdict;
  }

 private:
  // What was found in one place may stand as an innocent word in the code shown for another (`read_all_of_them` for a
  // rule that takes any `re_...`). Then those lines are left out: a report without some code beats none.
  Result<std::string> clean_text(const adapters::Adapter& adapter, const adapters::RenderOptions& render) {
    std::string text = adapter.render(careful_ ? *careful_ : report_, &verdict_, render);
    auto clean = check_(text);
    if (clean) return text;
    for (const bool all : {false, true}) {
      leave_out_code(all);
      text = adapter.render(*careful_, &verdict_, render);
      clean = check_(text);
      if (clean) return text;
    }
    return Unexpected{clean.error()};
  }

  void leave_out_code(bool all) {
    if (!careful_) careful_ = report_;
    std::size_t left_out = 0;
    for (Finding& f : careful_->findings) {
      if (f.excerpt.lines.empty() || (!all && check_(fmt::format("{}", fmt::join(f.excerpt.lines, "\n"))))) continue;
      f.excerpt = {};
      ++left_out;
    }
    if (left_out > 0)
      careful_->notes.push_back({Note::Level::info,
                                 fmt::format("the code of {} finding{} is not shown: a value found elsewhere stands in "
                                             "it",
                                             left_out, left_out == 1 ? "" : "s"),
                                 "a rule that matches ordinary words does this: see what it found"});
  }

  void report_failure(const Error& error) { worst_ = std::max(worst_, report_error(error, console_)); }

  const Report& report_;
  const Verdict& verdict_;
  const engine::OutputCheck& check_;
  Console& console_;
  adapters::RenderOptions render_;
  std::optional<Report> careful_;  // report_ without the code that must not be shown
  bool color_ = false;
  int worst_ = exit_code::clean;
};

}  // namespace

Result<void> check_outputs(const Options& options) {
  auto outputs = outputs_of(options);
  if (!outputs) return Unexpected{outputs.error()};
  return {};
}

bool any_lists_rules(const Options& options) {
  const auto outputs = outputs_of(options);
  return outputs &&
         std::any_of(outputs->begin(), outputs->end(), [](const Output& o) { return o.adapter->lists_rules; });
}

int write_report(const Report& report, const Verdict& verdict, const engine::OutputCheck& check, const Options& options,
                 Console& console) {
  auto outputs = outputs_of(options);
  if (!outputs) return report_error(outputs.error(), console);
  Writer writer(report, verdict, check, options, console);
  const auto for_people = [](const Output& o) { return o.adapter->name == "text"; };
  if (!std::all_of(outputs->begin(), outputs->end(), for_people)) writer.tell_commit(commit_at_hand(options, console));
  // Files first: whoever watches stdout may act on them as soon as it ends.
  for (const Output& o : *outputs)
    if (!o.file.empty()) writer.write(o);
  writer.write(outputs->front());
  if (outputs->front().adapter->name == "github") {
    if (const auto summary = console.env("GITHUB_STEP_SUMMARY"); summary && !summary->empty())
      writer.append("github-summary", *summary);
    if (const auto output = console.env("GITHUB_OUTPUT"); output && !output->empty())
      writer.append("github-output", *output);
  }
  return writer.exit_code();
}

}  // namespace launchgate::cmd
