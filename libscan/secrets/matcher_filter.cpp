// Filter: from matches to findings. Cheap tests first; whatever needs the neighbours (required rules, overlaps)
// comes last, over the few that are left.
#include <algorithm>
#include <cctype>
#include <cstring>
#include <optional>

#include "libscan/secrets/matcher_impl.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_purpose.hpp"
#include "libscan/secrets/value_shown.hpp"
#include "libscan/secrets/value_surroundings.hpp"

namespace launchgate::secrets {
namespace {

// A line as far as an allowlist looks at it. One-line files of hundreds of megabytes exist; their "line" is what
// stands this near.
constexpr std::size_t kLineReach = 16 << 10;

std::string_view part(std::string_view text, ByteRange r) { return text.substr(r.begin, r.end - r.begin); }

ByteRange line_around(std::string_view text, ByteRange r) {
  const std::size_t low = r.begin - std::min(r.begin, kLineReach);
  const std::size_t high = std::min(text.size(), r.end + kLineReach);
  const std::size_t before = text.substr(low, r.begin - low).rfind('\n');
  const std::size_t after = text.substr(r.end, high - r.end).find('\n');
  return {before == std::string_view::npos ? low : low + before + 1,
          after == std::string_view::npos ? high : r.end + after};
}

void lower(std::string_view s, std::string& out) {
  out.assign(s);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
}

bool generic(const Rule& r) { return r.id.find("generic") != std::string::npos; }

bool applies_to(const Allowlist& list, const Rule& rule) {
  const auto& only = list.target_rules;
  return only.empty() || std::find(only.begin(), only.end(), rule.id) != only.end();
}

class Filter {
 public:
  Filter(const CompiledRules& rules, std::string_view text, const BlobName& name, Matcher::Scratch& scratch)
      : rules_(rules), text_(text), name_(name), scratch_(scratch) {}

  bool keep(Match& m) {
    const Rule& rule = rules_.rule(m.rule);
    const CompiledRule& compiled = rules_.each[m.rule];
    if (rule.judge_value && generic(rule) && rule.reader.empty()) {
      m.secret = whole_setting(text_, m.whole, m.secret, name_.path);
      m.whole.end = std::max(m.whole.end, m.secret.end);
    }
    const std::string_view secret = part(text_, m.secret);
    if (name_.binary && !rule.binary) return false;
    if (!compiled.path.empty() && !compiled.path.found_in(name_.path)) return false;
    if (rule.entropy > 0 && shannon_entropy(secret) <= rule.entropy) return false;
    if (!has_keyword(m)) return false;
    if (allowed(compiled.allowlists, rule, m) || allowed(rules_.allowlists, rule, m)) return false;
    if (compiled.validator != nullptr) {
      const Validation v = compiled.validator->check(secret, part(text_, m.whole));
      if (!v.ok) return false;
      if (!v.reason.empty()) m.reasons.push_back(v.reason);
      doubt(m, v.doubt);
    }
    if (!m.doubtful && (is_shown_as_example(text_, m.secret) || is_shown_as_example(text_, m.whole))) {
      m.doubtful = true;
      m.reasons.push_back("shown as an example of what to enter");
    }
    if (!m.doubtful && is_in_signed_address(text_, m.secret)) {
      m.doubtful = true;
      m.reasons.push_back("in an address that AWS signed with keys of a session, good for hours");
    }
    if (!m.doubtful && is_in_picture_address(text_, m.secret)) {
      m.doubtful = true;
      m.reasons.push_back("in the address of a picture, for whoever sees the page");
    }
    if (!m.doubtful && m.reasons.empty() && is_mock(name_.path) && is_named_for_tests(text_, m.whole, m.secret)) {
      m.doubtful = true;
      m.reasons.push_back("of what stands in for a service, and says that it is for tests");
    }
    if (!rule.judge_value) return true;
    if (!m.doubtful && is_under_example(text_, m.secret.begin)) {
      m.doubtful = true;
      m.reasons.push_back("in a comment that says it is an example");
    }
    const ValueKind kind = judge_in_text(text_, m.secret, m.whole, name_.path, assumed_name(m, rule), scratch_.values);
    if (kind == ValueKind::weak) {
      m.doubtful = true;
      m.reasons.push_back("among the first that anyone tries: a default, or the name of the user");
    } else if (kind == ValueKind::real && is_made_up(secret) && !(holds_uuid(secret) && is_pipeline(name_.path))) {
      doubt_made_up(m);
    } else if (kind == ValueKind::real) {
      doubt_purpose(m, generic(rule));
    }
    return kind == ValueKind::real || kind == ValueKind::weak;
  }

 private:
  // A generic rule lives by the name beside the value, by that of the block or the column it stands in, or by the look
  // that a validator asked for; a named one knows that it found a login.
  std::string_view assumed_name(const Match& m, const Rule& rule) const {
    if (rule.reader.empty()) return !generic(rule) ? "password" : rule.validator.empty() ? "" : "key";
    return name_kind(part(text_, m.named)) == NameKind::password ? "password" : "key";
  }
  bool for_show() {
    if (!for_show_) for_show_ = is_for_show(name_.path);
    return *for_show_;
  }
  // A test or an example; what stands in a document may be what its readers work with.
  bool serves_itself() { return for_show() && !is_document(name_.path); }
  void doubt_made_up(Match& m) {
    if (m.doubtful) return;
    if (is_documented_seed(part(text_, m.secret))) {
      m.doubtful = true;
      return m.reasons.push_back("the one that documentation shows, the same for everybody");
    }
    if (is_named_for_tests(text_, m.whole, m.secret)) {
      m.doubtful = true;
      return m.reasons.push_back("looks made up, and says that it is for tests");
    }
    if (is_asserted(text_, m.secret.begin)) {
      m.doubtful = true;
      return m.reasons.push_back("looks made up, in a line that says what a test expects");
    }
    doubt(m, Doubt::made_up);
  }
  // As a machine makes them: what it is for is a question of its name and place.
  void doubt_purpose(Match& m, bool generic) {
    if (m.doubtful) return;
    const Name name = name_of(text_, m.whole, m.secret);
    if (is_own_secret(name.text) || (begins_as_realm(text_) && !has_outside_host_near(text_, m.secret)))
      doubt(m, Doubt::own);
    if (m.doubtful) return;
    if (opens_nothing(name.text)) {
      m.doubtful = true;
      return m.reasons.push_back("says itself that it is none");
    }
    if (for_show() && is_sent_to_this_machine(text_, m.secret)) {
      m.doubtful = true;
      return m.reasons.push_back("in a test, an example or a document, for a service of the same machine");
    }
    if (!generic) return;
    if (is_session_token(name.text, is_document(name_.path) && part(text_, m.whole).find("\":") != std::string::npos))
      doubt(m, Doubt::session);
    if (m.doubtful) return;
    if (is_asked_for_by_badge(text_, m.whole)) {
      m.doubtful = true;
      return m.reasons.push_back("what a badge or an invitation is asked for with, shown by intent");
    }
    if (is_description(name_.path) || begins_as_description(text_)) {
      m.doubtful = true;
      return m.reasons.push_back("an example in the description of an interface");
    }
    const bool vague = name.kind == NameKind::key || name.kind == NameKind::none;
    if (vague && serves_itself() && !is_pipeline(name_.path)) {
      m.doubtful = true;
      return m.reasons.push_back("in a test or an example, under a name that promises little");
    }
    if (name.kind != NameKind::password && is_in_payload_comment(text_, m.whole, name_.path)) {
      m.doubtful = true;
      return m.reasons.push_back("in a comment that shows what is sent");
    }
    m.in_test = is_test_data(name_.path) && !has_outside_host_near(text_, m.secret);
  }
  void doubt(Match& m, Doubt why) {
    switch (why) {
      case Doubt::none: return;
      case Doubt::published:
      case Doubt::expired: m.doubtful = true; return;
      case Doubt::unproven: m.unproven = true; return doubt(m, Doubt::made_up);
      case Doubt::local:
        m.doubtful = true;
        return m.reasons.push_back("looks made up, for a service that only this machine or network reaches");
      case Doubt::own:
        if (!serves_itself() && !is_example_file(name_.path) && !is_named_for_development(name_.path) &&
            !is_in_doc_comment(text_, m.secret.begin, name_.path))
          return;
        m.doubtful = true;
        return m.reasons.push_back(
            "of the program's own, in a test, an example, a description or the settings of a developer");
      case Doubt::session:
        if (!for_show() || is_pipeline(name_.path)) return;
        m.doubtful = true;
        return m.reasons.push_back("in a test, an example or a document: made for it, or no longer valid");
      case Doubt::outside:
      case Doubt::made_up:
        if (for_show() || is_example_file(name_.path)) {
          m.doubtful = true;
          return m.reasons.push_back("looks made up, in a test, an example or a document");
        }
        if (is_in_doc_comment(text_, m.secret.begin, name_.path)) {
          m.doubtful = true;
          return m.reasons.push_back("looks made up, in a comment that shows how a program is used");
        }
        if (why == Doubt::outside || !is_for_development(name_.path)) return;
        m.doubtful = true;
        return m.reasons.push_back("looks made up, in what starts the program on a developer's machine");
    }
  }

  // The keyword is nearly always inside the match; if not, the whole text is searched, once a rule.
  bool has_keyword(const Match& m) {
    const LazyRegex& keywords = rules_.each[m.rule].keywords;
    if (keywords.empty() || keywords.found_in(part(text_, m.whole))) return true;
    const auto [at, is_new] = keyword_somewhere_.try_emplace(m.rule, false);
    if (is_new) at->second = keywords.found_in(text_);
    return at->second;
  }

  bool allowed(const std::vector<std::unique_ptr<CompiledAllowlist>>& lists, const Rule& rule, const Match& m) {
    return std::any_of(lists.begin(), lists.end(),
                       [&](const auto& list) { return applies_to(*list->source, rule) && allowed_by(*list, m); });
  }

  bool allowed_by(const CompiledAllowlist& list, const Match& m) {
    const Allowlist& a = *list.source;
    bool any = false, all = true;
    const auto criterion = [&](bool present, auto test) {
      if (!present || (any && !a.all) || (!all && a.all)) return;
      const bool holds = test();
      any |= holds;
      all &= holds;
    };
    criterion(!a.commits.empty(),
              [&] { return std::find(a.commits.begin(), a.commits.end(), name_.commit) != a.commits.end(); });
    criterion(!list.paths.empty(), [&] { return list.paths.found_in(name_.path); });
    criterion(!list.stopwords.empty(), [&] {
      lower(part(text_, m.secret), scratch_.lowered);
      return list.stopwords.found_in(scratch_.lowered);
    });
    criterion(!list.regexes.empty(), [&] { return list.regexes.found_in(part(text_, target(a.target, m))); });
    return any && (all || !a.all);
  }

  ByteRange target(Allowlist::Target t, const Match& m) const {
    switch (t) {
      case Allowlist::Target::secret: return m.secret;
      case Allowlist::Target::match: return m.whole;
      case Allowlist::Target::line: return line_around(text_, m.whole);
    }
    return m.secret;
  }

  const CompiledRules& rules_;
  std::string_view text_;
  const BlobName& name_;
  Matcher::Scratch& scratch_;
  std::optional<bool> for_show_;
  std::unordered_map<std::uint32_t, bool> keyword_somewhere_;
};

// Lines and columns of matches for `required`, counted once from the front.
struct Placed {
  std::size_t line;
  std::size_t column;
};

std::vector<Placed> places(std::string_view text, const std::vector<Match>& matches) {
  std::vector<std::size_t> order(matches.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](auto a, auto b) { return matches[a].whole.begin < matches[b].whole.begin; });
  std::vector<Placed> out(matches.size());
  std::size_t at = 0, line = 0, line_start = 0;
  for (const std::size_t i : order) {
    const std::size_t begin = matches[i].whole.begin;
    while (const void* hit = std::memchr(text.data() + at, '\n', begin - at)) {
      at = line_start = static_cast<std::size_t>(static_cast<const char*>(hit) - text.data()) + 1;
      ++line;
    }
    at = begin;
    out[i] = {line, begin - line_start};
  }
  return out;
}

std::size_t distance(std::size_t a, std::size_t b) { return a > b ? a - b : b - a; }

// A rule that only knows paths speaks of the file as a whole: it is near everything in it.
bool path_has_required(const CompiledRules& rules, const BlobName& name, const Required& need) {
  return std::any_of(rules.path_rules.begin(), rules.path_rules.end(), [&](std::uint32_t rule) {
    return rules.rule(rule).id == need.rule && rules.each[rule].path.found_in(name.path) &&
           !rules.path_allowed(rule, name);
  });
}

bool has_required(const RuleSet& rules, const std::vector<Match>& matches, const std::vector<Placed>& place,
                  std::size_t i, const Required& need) {
  for (std::size_t j = 0; j < matches.size(); ++j) {
    if (rules.rules[matches[j].rule].id != need.rule) continue;
    if (need.within_lines && distance(place[i].line, place[j].line) > *need.within_lines) continue;
    if (need.within_columns && distance(place[i].column, place[j].column) > *need.within_columns) continue;
    return true;
  }
  return false;
}

void apply_required(const CompiledRules& all, std::string_view text, const BlobName& name,
                    std::vector<Match>& matches) {
  const RuleSet& rules = all.set;
  const bool any = std::any_of(matches.begin(), matches.end(),
                               [&](const Match& m) { return !rules.rules[m.rule].required.empty(); });
  if (any) {
    const std::vector<Placed> place = places(text, matches);
    std::vector<Match> kept;
    for (std::size_t i = 0; i < matches.size(); ++i) {
      const auto& needs = rules.rules[matches[i].rule].required;
      if (std::all_of(needs.begin(), needs.end(), [&](const Required& r) {
            return has_required(rules, matches, place, i, r) || path_has_required(all, name, r);
          }))
        kept.push_back(matches[i]);
    }
    matches = std::move(kept);
  }
  std::erase_if(matches, [&](const Match& m) { return rules.rules[m.rule].skip_report; });
}

// Of two rules that found the same value the one that knows it better speaks: a named rule before a generic one
// (as gitleaks does), then the surer, then the graver.
bool yields(const Rule& a, const Rule& b) {
  const auto by_place = [](const Rule& r) {
    return generic(r) || r.id == "query-key" || r.id == "authorization-token";
  };
  if (by_place(a) != by_place(b)) return by_place(a);
  const auto weight = [](const Rule& r) { return std::tie(r.confidence, r.severity); };
  if (a.reader.empty() != b.reader.empty()) return !a.reader.empty();  // the name beside it tells more
  // Two generic readings of one value are one finding.
  if (generic(a) && weight(a) == weight(b)) return b.id < a.id;
  return weight(a) < weight(b);
}

bool overlap(ByteRange a, ByteRange b) { return a.begin < b.end && b.begin < a.end; }

void drop_overlaps(const RuleSet& rules, std::vector<Match>& matches) {
  std::sort(matches.begin(), matches.end(), [&](const Match& a, const Match& b) {
    return std::tie(a.secret.begin, a.secret.end, rules.rules[a.rule].id) <
           std::tie(b.secret.begin, b.secret.end, rules.rules[b.rule].id);
  });
  std::vector<bool> drop(matches.size());
  for (std::size_t i = 0; i < matches.size(); ++i) {
    for (std::size_t j = i + 1; j < matches.size() && matches[j].secret.begin < matches[i].secret.end; ++j) {
      if (!overlap(matches[i].secret, matches[j].secret)) continue;
      const Rule &a = rules.rules[matches[i].rule], &b = rules.rules[matches[j].rule];
      if (yields(a, b)) drop[i] = true;
      if (yields(b, a)) drop[j] = true;
    }
  }
  std::size_t i = 0;
  std::erase_if(matches, [&](const Match&) { return drop[i++]; });
}

// What is known only by its surroundings is reported as what they say it is.
void name_services(const CompiledRules& rules, std::string_view text, std::vector<Match>& matches) {
  for (Match& m : matches) {
    if (!takes_name(rules.rule(m.rule))) continue;
    const auto service = rules.services.get(rules.set).beside(text, m.secret);
    if (!service) continue;
    m.rule = service->rule;
    m.service = service->name;
  }
}

// What no name of a service stands beside, in a test that speaks of nothing outside, opens that test.
void settle_tests(std::vector<Match>& matches) {
  for (Match& m : matches) {
    if (!m.in_test || m.doubtful || !m.service.empty()) continue;
    m.doubtful = true;
    m.reasons.push_back("in a test, and neither a service nor an address of one is named there");
  }
}

}  // namespace

bool CompiledRules::path_allowed(std::uint32_t rule, const BlobName& name) const {
  const auto excuses = [&](const std::unique_ptr<CompiledAllowlist>& list) {
    const Allowlist& a = *list->source;
    if (!applies_to(a, set.rules[rule])) return false;
    if (a.all && !(list->regexes.empty() && list->stopwords.empty())) return false;
    const bool commit = std::find(a.commits.begin(), a.commits.end(), name.commit) != a.commits.end();
    const bool path = list->paths.found_in(name.path);
    if (!a.all) return commit || path;
    return (commit || path) && (commit || a.commits.empty()) && (path || list->paths.empty());
  };
  return std::any_of(each[rule].allowlists.begin(), each[rule].allowlists.end(), excuses) ||
         std::any_of(allowlists.begin(), allowlists.end(), excuses);
}

void Matcher::filter(std::string_view text, const BlobName& name, Scratch& scratch, std::vector<Match>& matches) const {
  const CompiledRules& rules = impl_->rules();
  Filter filter(rules, text, name, scratch);
  std::erase_if(matches, [&](Match& m) { return !filter.keep(m); });
  apply_required(rules, text, name, matches);
  drop_overlaps(rules.set, matches);
  name_services(rules, text, matches);
  settle_tests(matches);
}

}  // namespace launchgate::secrets
