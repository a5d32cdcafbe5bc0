#include "libscan/checks/site/exposure.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/secrets/dotenv.hpp"
#include "libscan/secrets/dotenv_judge.hpp"

namespace launchgate::checks::site {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n\xEF\xBB\xBF";
  const std::size_t from = text.find_first_not_of(kBlank);
  if (from == std::string_view::npos) return {};
  return text.substr(from, text.find_last_not_of(" \t\r\n") - from + 1);
}

bool is_hex_id(std::string_view text) {
  return (text.size() == 40 || text.size() == 64) &&
         text.find_first_not_of("0123456789abcdef") == std::string_view::npos;
}

// At least one assignment to an upper-case name, and hardly a line that belongs to another kind of file.
std::optional<Exposure> dotenv(std::string_view path, std::string_view body) {
  if (looks_like_markup(body) || trimmed(body).starts_with('{')) return std::nullopt;
  secrets::DotenvReader reader(body);
  secrets::DotenvEntry entry;
  std::size_t set = 0, named = 0;
  while (reader.next(entry)) {
    if (entry.commented) continue;
    ++set;
    named += std::none_of(entry.key.begin(), entry.key.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  }
  if (set == 0 || named * 2 < set || reader.junk_lines() > set / 4) return std::nullopt;
  Exposure e;
  if (const auto judged = secrets::judge_dotenv(path, body)) {
    // Everyone can read it: what could wait in a private repository cannot wait here.
    e.severity = std::max(judged->severity, Severity::high_risk);
    e.message = fmt::format("The site serves {} to everyone. {}", path, judged->message);
    e.span = {judged->line, judged->column, judged->line, judged->end_column};
    return e;
  }
  e.severity = Severity::high_risk;
  e.message = fmt::format("The site serves {} to everyone; it sets {} variable{}.", path, set, set == 1 ? "" : "s");
  return e;
}

std::optional<Exposure> git_head(std::string_view, std::string_view body) {
  const std::string_view text = trimmed(body);
  if (!is_hex_id(text) && !(text.starts_with("ref: refs/") && text.find('\n') == std::string_view::npos))
    return std::nullopt;
  return Exposure{Severity::launch_blocker,
                  "The site serves its .git folder: anyone can download the source code with its whole history.",
                  {}};
}

std::optional<Exposure> git_config(std::string_view, std::string_view body) {
  if (body.substr(0, 4096).find("[core]") == std::string_view::npos || looks_like_markup(body)) return std::nullopt;
  return Exposure{
      Severity::launch_blocker, "The site serves .git/config, and with it most likely the whole repository.", {}};
}

std::optional<Exposure> credentials(std::string_view path, std::string_view body) {
  struct Mark {
    std::string_view path, text;
  };
  constexpr Mark kMarks[] = {{".npmrc", "_authToken"},
                             {".npmrc", "_auth="},
                             {".aws/credentials", "aws_access_key_id"},
                             {".git-credentials", "://"},
                             {".netrc", "machine "},
                             {".pypirc", "[distutils]"},
                             {".htpasswd", ":$"},
                             {"wp-config.php.bak", "DB_PASSWORD"},
                             {"wp-config.php~", "DB_PASSWORD"},
                             {"docker-compose.yml", "services:"},
                             {"id_rsa", "PRIVATE KEY-----"}};
  if (looks_like_markup(body) && body.find("<?php") == std::string_view::npos) return std::nullopt;
  for (const Mark& mark : kMarks)
    if (mark.path == path && body.find(mark.text) != std::string_view::npos)
      return Exposure{path == "docker-compose.yml" ? Severity::high_risk : Severity::launch_blocker,
                      fmt::format("The site serves {} to everyone.", path),
                      {}};
  return std::nullopt;
}

constexpr std::string_view kDotenv = "exposed-dotenv", kGit = "exposed-git", kFile = "exposed-file";

constexpr Probe kProbes[] = {
    {".env", kDotenv, dotenv},
    {".env.local", kDotenv, dotenv},
    {".env.production", kDotenv, dotenv},
    {".env.production.local", kDotenv, dotenv},
    {".env.prod", kDotenv, dotenv},
    {".env.staging", kDotenv, dotenv},
    {".env.development", kDotenv, dotenv},
    {".env.dev", kDotenv, dotenv},
    {".env.test", kDotenv, dotenv},
    {".env.bak", kDotenv, dotenv},
    {".env.backup", kDotenv, dotenv},
    {".env.old", kDotenv, dotenv},
    {".env.save", kDotenv, dotenv},
    {".env~", kDotenv, dotenv},
    {".env.swp", kDotenv, dotenv},
    {".envrc", kDotenv, dotenv},
    {"env", kDotenv, dotenv},
    {"api/.env", kDotenv, dotenv},
    {"app/.env", kDotenv, dotenv},
    {"backend/.env", kDotenv, dotenv},
    {"server/.env", kDotenv, dotenv},
    {"public/.env", kDotenv, dotenv},
    {"src/.env", kDotenv, dotenv},
    {"config/.env", kDotenv, dotenv},
    {".git/HEAD", kGit, git_head},
    {".git/config", kGit, git_config},
    {".npmrc", kFile, credentials},
    {".pypirc", kFile, credentials},
    {".netrc", kFile, credentials},
    {".htpasswd", kFile, credentials},
    {".git-credentials", kFile, credentials},
    {".aws/credentials", kFile, credentials},
    {"id_rsa", kFile, credentials},
    {"docker-compose.yml", kFile, credentials},
    {"wp-config.php.bak", kFile, credentials},
    {"wp-config.php~", kFile, credentials},
    {"env.js", "", nullptr},
    {"__env.js", "", nullptr},
    {"env-config.js", "", nullptr},
    {"env.json", "", nullptr},
    {"config.js", "", nullptr},
    {"config.json", "", nullptr},
    {"runtime-config.js", "", nullptr},
    {"runtime-env.js", "", nullptr},
    {"assets/env.js", "", nullptr},
    {"assets/config.json", "", nullptr},
};

}  // namespace

std::span<const Probe> probes() noexcept { return kProbes; }

bool looks_like_markup(std::string_view body) noexcept { return trimmed(body.substr(0, 1024)).starts_with('<'); }

}  // namespace launchgate::checks::site
