#include "libscan/secrets/rule_lint.hpp"

#include <fmt/format.h>

#include "libscan/secrets/front_form.hpp"
#include "libscan/secrets/readers.hpp"
#include "libscan/secrets/validators.hpp"

namespace launchgate::secrets {
namespace {

class Lint {
 public:
  explicit Lint(std::vector<LintFinding>& out) : out_(out) {}

  void rule(const Rule& r) {
    if (r.description.empty()) add(r, "has no description: say in one line what the rule finds");
    if (!r.validator.empty() && find_validator(r.validator) == nullptr)
      add(r, fmt::format("unknown validator '{}'", r.validator));
    if (!r.reader.empty() && find_reader(r.reader) == nullptr) add(r, fmt::format("unknown reader '{}'", r.reader));
    if (!r.regex.empty()) expression(r);
  }

 private:
  void expression(const Rule& r) {
    const auto form = front_form(r.regex);
    if (!form) {
      add(r, "the expression uses syntax the front end cannot reduce (Unicode classes?): it will be slow");
      return;
    }
    if (form->literal < kMinLiteral)
      add(r, fmt::format(
                 "no literal of {} or more characters is sure to be in a match (longest: {}): start it with a fixed "
                 "prefix or a keyword",
                 kMinLiteral, form->literal));
    if (form->width > kWidestFront)
      add(r,
          fmt::format("what the front end looks for is up to {} bytes wide, the most is {}: bring the literal nearer "
                      "to the value",
                      form->width, kWidestFront));
    if (form->span == regex::kUnlimited)
      add(r, "a match has no longest length: replace * and + by bounded repeats such as {0,40}");
    else if (form->span > kMaxSpan)
      add(r, fmt::format("a match may be {} bytes long, the most is {}", form->span, kMaxSpan));
  }

  void add(const Rule& r, std::string what) { out_.push_back({r.id, r.regex_where, std::move(what)}); }

  std::vector<LintFinding>& out_;
};

}  // namespace

std::vector<LintFinding> lint_rules(const RuleSet& rules) {
  std::vector<LintFinding> out;
  Lint lint(out);
  for (const Rule& r : rules.rules) lint.rule(r);
  return out;
}

}  // namespace launchgate::secrets
