#include "libscan/secrets/dotenv_judge.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/core/redact.hpp"
#include "libscan/core/text.hpp"
#include "libscan/secrets/dotenv.hpp"
#include "libscan/secrets/value_forms.hpp"
#include "libscan/secrets/value_judge.hpp"
#include "libscan/secrets/value_place.hpp"
#include "libscan/secrets/value_purpose.hpp"

namespace launchgate::secrets {
namespace {

constexpr std::size_t kNamedKeys = 4;

// From harmless to worst.
enum class Weight { reference, encrypted, placeholder, config, random, secret };

bool starts_with_any(std::string_view s, std::initializer_list<std::string_view> all) {
  return std::any_of(all.begin(), all.end(), [&](std::string_view p) { return s.starts_with(p); });
}

bool contains(std::string_view s, std::string_view part) { return s.find(part) != std::string_view::npos; }

Weight weight_of(ValueKind kind) {
  switch (kind) {
    case ValueKind::reference: return Weight::reference;
    case ValueKind::encrypted: return Weight::encrypted;
    case ValueKind::empty:
    case ValueKind::weak:
    case ValueKind::placeholder: return Weight::placeholder;
    case ValueKind::config: return Weight::config;
    case ValueKind::real: return Weight::random;
  }
  return Weight::config;
}

// ---- URLs with a password in them ------------------------------------------------------------------------------

struct UrlLogin {
  std::string_view user;
  std::string_view password;
  std::string_view host;
};

std::optional<UrlLogin> url_login(std::string_view value) {
  const std::size_t scheme = value.find("://");
  if (scheme > 32) return std::nullopt;  // none at all is further away
  std::string_view rest = value.substr(scheme + 3);
  const std::size_t at = rest.substr(0, rest.find('?')).rfind('@');
  if (at == std::string_view::npos) return std::nullopt;
  const std::string_view login = rest.substr(0, at);
  const std::size_t colon = login.find(':');
  if (colon == std::string_view::npos || colon + 1 == login.size()) return std::nullopt;
  rest.remove_prefix(at + 1);
  return UrlLogin{login.substr(0, colon), login.substr(colon + 1), rest.substr(0, rest.find_first_of(":/?#,"))};
}

Weight weigh_login(const UrlLogin& login) {
  const ValueKind kind = judge_value(login.password, "password");
  if (kind != ValueKind::real) return weight_of(kind);
  if (!is_local_host(login.host)) return login.password == login.user ? Weight::config : Weight::secret;
  // Everybody's development database has a password; one made by a machine may open more than that.
  return judge_value(login.password) == ValueKind::real ? Weight::random : Weight::config;
}

// ---- single values ---------------------------------------------------------------------------------------------

// Names whose values a bundler copies into the pages it makes: public by intent, unless they say otherwise.
bool is_for_browsers(std::string_view key) {
  return starts_with_any(key, {"NEXT_PUBLIC_", "VITE_", "REACT_APP_", "EXPO_PUBLIC_", "GATSBY_", "NUXT_PUBLIC_",
                               "PUBLIC_", "VUE_APP_", "NG_APP_", "STORYBOOK_"}) &&
         !contains(key, "SECRET") && !contains(key, "PRIVATE") && name_kind(key) != NameKind::password;
}

Weight weigh(std::string_view key, std::string_view value) {
  // dotenvx and dotenv-vault: these open all the others.
  if (starts_with_any(key, {"DOTENV_PRIVATE_KEY", "DOTENV_KEY", "DOTENV_ME"}))
    return judge_value(value, "key") == ValueKind::reference || value.empty() ? Weight::reference : Weight::secret;
  if (key.starts_with("DOTENV_PUBLIC_KEY") || key.starts_with("sops_") || key.starts_with("DOTENV_VAULT"))
    return Weight::encrypted;
  if (const auto login = url_login(value)) return weigh_login(*login);
  const ValueKind kind = judge_value(value, key);
  if (kind == ValueKind::config && name_kind(key) == NameKind::password && is_passphrase(value)) return Weight::secret;
  if (kind != ValueKind::real) return weight_of(kind);
  if (value.starts_with("-----BEGIN ")) return Weight::secret;
  if (is_for_browsers(key)) return Weight::config;
  const NameKind name = name_kind(key);
  return name == NameKind::secret || name == NameKind::password ? Weight::secret : Weight::random;
}

// "d" of ${NAME:-d} and ${NAME-d}: the shell's and compose's value where nobody sets another.
std::string_view fallback_of(std::string_view value) {
  if (!value.starts_with("${") || !value.ends_with('}')) return {};
  value = value.substr(2, value.size() - 3);
  const std::size_t end = std::min(
      value.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"), value.size());
  value.remove_prefix(end);
  if (value.starts_with(':')) value.remove_prefix(1);
  return value.starts_with('-') ? value.substr(1) : std::string_view{};
}

Weight weigh_with_fallback(std::string_view key, std::string_view value) {
  const Weight whole = weigh(key, value);
  const std::string_view fallback = fallback_of(value);
  if (fallback.empty()) return whole;
  const Weight instead = weigh(key, fallback);
  return instead >= Weight::random ? std::max(whole, instead) : whole;
}

Weight weigh(const DotenvEntry& e) {
  const Weight whole = weigh_with_fallback(e.key, e.value);
  if (e.before_hash.size() == e.value.size()) return whole;
  return std::max(whole, weigh(e.key, e.before_hash));
}

// A line that is switched off is prose as often as not: only what is plain to see counts.
bool counts_though_commented(const DotenvEntry& e, Weight w) {
  return w == Weight::secret && !contains(e.value, " ") && e.value.size() >= 8;
}

// In a template the author wrote an example; only what no author would type is a secret.
bool counts_in_sample(const DotenvEntry& e, Weight w) {
  if (w != Weight::secret || is_own_secret(e.key)) return false;
  const auto login = url_login(e.value);
  const std::string_view value = login ? login->password : e.value;
  return e.value.starts_with("-----BEGIN ") || (judge_value(value) == ValueKind::real && !is_made_up(value));
}

// In a file for tests or for a developer's machine what a person thought up, or what the program makes for itself,
// opens nothing else.
bool counts_in_development(const DotenvEntry& e) {
  if (is_own_secret(e.key)) return false;
  const auto login = url_login(e.value);
  return !is_made_up(login ? login->password : e.value);
}

// In its armour, or the DER of one in base64 (RFC 8017, RFC 5958): more than an address or a certificate's name.
bool is_private_key(std::string_view value) {
  return value.starts_with("-----BEGIN ") || (value.starts_with("MII") && value.size() > 200 && !contains(value, " "));
}

// ---- the file --------------------------------------------------------------------------------------------------

class FileJudge {
 public:
  FileJudge(std::string_view path, std::string_view content)
      : path_(path),
        content_(content),
        name_(dotenv_name(path)),
        test_(is_for_show(path)),
        development_(test_ || is_for_development(path)) {}

  std::optional<DotenvExposure> judge() {
    if (name_ == DotenvName::none) return std::nullopt;
    DotenvReader reader(content_);
    DotenvEntry entry;
    while (reader.next(entry)) take(entry);
    const bool sure_name = is_plain_dotenv_name(path_);
    if (!sure_name && (reader.junk_lines() * 4 > counts_.total() || counts_.total() == 0)) return std::nullopt;
    if (worst_ >= Weight::random) return exposed();
    return mere_configuration() ? std::optional(accident_waiting()) : std::nullopt;
  }

 private:
  void take(const DotenvEntry& e) {
    Weight w = weigh(e);
    if (e.commented && !counts_though_commented(e, w)) return;
    if (name_ == DotenvName::sample && w >= Weight::random && !counts_in_sample(e, w)) w = Weight::placeholder;
    if (development_ && w >= Weight::random && !counts_in_development(e)) w = Weight::placeholder;
    if (w == Weight::secret && repeats_user(e)) w = Weight::placeholder;
    if (test_ && is_private_key(e.value)) w = Weight::placeholder;  // made for the tests, as others beside them are
    count(w);
    if (w >= Weight::random) remember(e, w);
    if (w <= worst_ && first_.line != 0) return;
    worst_ = std::max(worst_, w);
    first_ = e;
  }

  // DB_USERNAME=shop, DB_PASSWORD=shop
  bool repeats_user(const DotenvEntry& e) const {
    constexpr std::size_t kLongest = 16;
    if (e.value.size() > kLongest || name_kind(e.key) != NameKind::password) return false;
    if (!std::all_of(e.value.begin(), e.value.end(), [](char c) { return c >= 'a' && c <= 'z'; })) return false;
    DotenvReader reader(content_);
    for (DotenvEntry other; reader.next(other);)
      if (other.value == e.value && (contains(other.key, "USER") || contains(other.key, "DATABASE"))) return true;
    return false;
  }

  void count(Weight w) {
    switch (w) {
      case Weight::reference: ++counts_.reference; break;
      case Weight::encrypted: ++counts_.encrypted; break;
      case Weight::placeholder: ++counts_.placeholder; break;
      case Weight::config: ++counts_.config; break;
      case Weight::random:
      case Weight::secret: ++counts_.real; break;
    }
  }

  void remember(const DotenvEntry& e, Weight w) {
    auto& names = w == Weight::secret ? secret_keys_ : random_keys_;
    if (names.size() < kNamedKeys) names.push_back(shown(e));
  }

  // A name, unless it is none: a raw token on a line of its own with base64's "=" behind it reads as one.
  static std::string shown(const DotenvEntry& e) {
    const bool plain = e.key.size() <= 64 && (is_secret_name(e.key) || mask_suspicious(e.key) == e.key);
    return plain ? printable(e.key) : fmt::format("line {}", e.line);
  }

  // Encrypted values, or nothing but references: the file is made to be committed.
  bool mere_configuration() const {
    return name_ == DotenvName::real && counts_.encrypted == 0 && counts_.config + counts_.placeholder > 0;
  }

  DotenvExposure at_first(Severity severity) const {
    DotenvExposure x;
    x.severity = severity;
    x.counts = counts_;
    const auto line_start = first_.offset == 0 ? std::string_view::npos : content_.rfind('\n', first_.offset - 1);
    const std::string_view before = content_.substr(line_start + 1, first_.offset - (line_start + 1));  // npos + 1 == 0
    x.line = first_.line;
    x.column = static_cast<std::uint32_t>(count_characters(before)) + 1;
    x.end_column = x.column + static_cast<std::uint32_t>(count_characters(first_.key));
    x.key = {first_.offset, first_.offset + first_.key.size()};
    x.subject = fmt::format("{}\n{}", path_, to_string(severity));
    return x;
  }

  DotenvExposure exposed() const {
    const bool certain = worst_ == Weight::secret;
    DotenvExposure x =
        at_first(certain && name_ != DotenvName::sample ? Severity::launch_blocker : Severity::high_risk);
    x.confidence = name_ == DotenvName::sample ? Confidence::medium : certain ? Confidence::high : Confidence::low;
    x.message = fmt::format("{} with {} of {} values that look{} real: {}.",
                            name_ == DotenvName::sample ? "Environment template" : "Environment file", counts_.real,
                            counts_.total(), counts_.real == 1 ? "s" : "", key_list());
    x.fix = name_ == DotenvName::sample
                ? "Change the secrets at their providers, and put stand-ins such as \"changeme\" into the template."
                : "Change the secrets at their providers, take the file out of the repository, list it in "
                  ".gitignore, and commit a template with stand-ins (.env.example) instead.";
    return x;
  }

  std::string key_list() const {
    std::vector<std::string> names = secret_keys_;
    for (const std::string& n : random_keys_)
      if (names.size() < kNamedKeys) names.push_back(n);
    std::string out = fmt::format("{}", fmt::join(names, ", "));
    if (counts_.real > names.size()) out += fmt::format(" and {} more", counts_.real - names.size());
    return out;
  }

  DotenvExposure accident_waiting() const {
    DotenvExposure x = at_first(Severity::can_wait);
    x.message = fmt::format("Environment file with {} value{}, none of which looks secret: the next one may.",
                            counts_.total(), counts_.total() == 1 ? "" : "s");
    x.fix =
        "Rename it to .env.example if it is a template; otherwise take it out of the repository and list it in "
        ".gitignore.";
    return x;
  }

  std::string_view path_, content_;
  DotenvName name_;
  bool test_, development_;
  DotenvCounts counts_;
  Weight worst_ = Weight::reference;
  DotenvEntry first_;  // of the worst weight
  std::vector<std::string> secret_keys_, random_keys_;
};

}  // namespace

std::optional<DotenvExposure> judge_dotenv(std::string_view path, std::string_view content) {
  return FileJudge(path, content).judge();
}

}  // namespace launchgate::secrets
