#include "libscan/gate/alert.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "libscan/core/text.hpp"
#include "libscan/gate/json_text.hpp"
#include "libscan/net/url.hpp"

namespace launchgate::gate {
namespace {

using Kind = AlertChannel::Kind;

constexpr std::size_t kMaxReasons = 5;

std::string headline(const Alert& a) {
  const std::string what = a.event == AlertEvent::recovered ? "is well again" : "is blocked";
  return fmt::format("launchgate: release {} {} in {}", ellipsize(printable(a.run.release), 60), what,
                     ellipsize(printable(a.run.env), 40));
}

std::vector<std::string> reasons(const Alert& a) {
  std::vector<std::string> lines;
  for (const std::string& reason : a.verdict.reasons) {
    if (lines.size() == kMaxReasons) {
      lines.push_back(fmt::format("and {} more", a.verdict.reasons.size() - kMaxReasons));
      break;
    }
    lines.push_back(ellipsize(printable(reason), 300));
  }
  if (a.state_lost) lines.emplace_back("the ledger of earlier runs is lost: this may have been said before");
  return lines;
}

// Slack's three special characters; with them go links, mentions of people and of @channel.
// https://api.slack.com/reference/surfaces/formatting#escaping
std::string slack_escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else
      out += c;
  }
  return out;
}

std::string plain_text(const Alert& a) {
  std::string text = headline(a) + "\n";
  for (const std::string& line : reasons(a)) text += "- " + line + "\n";
  if (!a.link.empty()) text += printable(a.link) + "\n";
  return text;
}

JsonObject text_block(std::string_view text, bool bold) {
  JsonObject block;
  block.set("type", "TextBlock").set("text", text).set("wrap", true);
  if (bold) block.set("weight", "Bolder").set("size", "Medium");
  return block;
}

// A Teams workflow takes an adaptive card in an attachment. Its text is Markdown: reasons go into code marks.
std::string teams_body(const Alert& a) {
  std::vector<JsonObject> blocks;
  blocks.push_back(text_block(headline(a), true));
  for (std::string line : reasons(a)) {
    std::replace(line.begin(), line.end(), '`', '\'');
    blocks.push_back(text_block("`" + line + "`", false));
  }
  if (!a.link.empty()) blocks.push_back(text_block(printable(a.link), false));
  JsonObject card, attachment, body;
  card.set("type", "AdaptiveCard")
      .set("$schema", "http://adaptivecards.io/schemas/adaptive-card.json")
      .set("version", "1.2")
      .set("body", blocks);
  attachment.set("contentType", "application/vnd.microsoft.card.adaptive").set("content", card);
  std::vector<JsonObject> attachments;
  attachments.push_back(std::move(attachment));
  body.set("type", "message").set("attachments", attachments);
  return body.line();
}

std::string webhook_body(const Alert& a) {
  JsonObject body;
  body.set("version", std::int64_t{1})
      .set("event", a.event == AlertEvent::recovered ? "recovered" : "blocked")
      .set("env", a.run.env)
      .set("release", a.run.release)
      .set("run", a.run.id)
      .set("verdict", to_string(a.verdict.decision))
      .set("state_lost", a.state_lost)
      .set("reasons", reasons(a))
      .set("link", a.link)
      .set("time", rfc3339(a.run.unix_ms));
  return body.line();
}

bool may_be_asked(const std::string& url) {
  const auto parsed = net::parse_url(url);
  return parsed && (parsed->scheme == "https" || parsed->host == "127.0.0.1" || parsed->host == "::1" ||
                    parsed->host == "localhost");
}

std::string_view name_of(Kind kind) {
  switch (kind) {
    case Kind::slack: return "Slack";
    case Kind::teams: return "Teams";
    case Kind::webhook: return "webhook";
    case Kind::mail: return "mail";
  }
  return "webhook";
}

// Why it was not delivered, and what helps. No part of the address is told: it is a key.
Result<void> deliver(const Alert& alert, const AlertChannel& channel, const std::string& body, net::Http& http,
                     net::Mail& mail) {
  if (channel.kind == Kind::mail)
    return mail.send(channel.mail_server, {channel.mail_from, channel.mail_to, headline(alert), body});
  net::Request request;
  request.method = "POST";
  request.url = channel.url;
  request.headers = {{"Content-Type", "application/json"}, {"User-Agent", "launchgate"}};
  request.body = body;
  request.max_redirects = 0;
  request.max_body = 64 << 10;
  const net::Response response = http.send(request);
  if (!response.ok()) return fail(ErrorCode::io, std::string(to_string(response.failure)));
  if (response.status < 200 || response.status >= 300)
    return fail(ErrorCode::io, fmt::format("HTTP {}", response.status));
  return {};
}

}  // namespace

Result<std::vector<AlertChannel>> alert_channels(
    const std::function<std::optional<std::string>(std::string_view)>& env) {
  std::vector<AlertChannel> channels;
  const auto value = [&](std::string_view name) { return env(name).value_or(""); };
  struct Hook {
    std::string_view variable;
    Kind kind;
  };
  for (const Hook hook : {Hook{"LAUNCHGATE_ALERT_SLACK", Kind::slack}, Hook{"LAUNCHGATE_ALERT_TEAMS", Kind::teams},
                          Hook{"LAUNCHGATE_ALERT_WEBHOOK", Kind::webhook}}) {
    AlertChannel channel;
    channel.kind = hook.kind;
    channel.url = value(hook.variable);
    if (channel.url.empty()) continue;
    if (!may_be_asked(channel.url))
      return fail(ErrorCode::config, fmt::format("{} is no https:// address", hook.variable));
    channels.push_back(std::move(channel));
  }
  AlertChannel channel;
  channel.kind = Kind::mail;
  channel.mail_server.url = value("LAUNCHGATE_ALERT_SMTP");
  if (channel.mail_server.url.empty()) return channels;
  channel.mail_server.user = value("LAUNCHGATE_ALERT_SMTP_USER");
  channel.mail_server.password = value("LAUNCHGATE_ALERT_SMTP_PASSWORD");
  channel.mail_server.ca_file = value("LAUNCHGATE_ALERT_SMTP_CA");
  channel.mail_from = value("LAUNCHGATE_ALERT_SMTP_FROM");
  const std::string to = value("LAUNCHGATE_ALERT_SMTP_TO");
  for (std::size_t at = 0; at < to.size();) {
    const std::size_t comma = std::min(to.find(',', at), to.size());
    if (comma > at) channel.mail_to.push_back(to.substr(at, comma - at));
    at = comma + 1;
  }
  if (channel.mail_from.empty() || channel.mail_to.empty())
    return fail(ErrorCode::config, "LAUNCHGATE_ALERT_SMTP needs LAUNCHGATE_ALERT_SMTP_FROM and _SMTP_TO");
  channels.push_back(std::move(channel));
  return channels;
}

AlertEvent alert_event(const History& history, Decision decision) {
  if (decision == Decision::hold) return AlertEvent::none;
  const Event* last = nullptr;  // the last that was no hold
  for (const Event& e : history.events)
    if (e.check == kVerdictCheck && e.run.env == history.run.env && run_before(e.run, history.run) &&
        e.outcome != Outcome::inconclusive && (last == nullptr || run_before(last->run, e.run)))
      last = &e;
  const bool was_blocked = last != nullptr && last->outcome == Outcome::fail;
  if (decision == Decision::block) return was_blocked ? AlertEvent::none : AlertEvent::blocked;
  return was_blocked ? AlertEvent::recovered : AlertEvent::none;
}

Event verdict_event(const Run& run, const Verdict& verdict) {
  Event e;
  e.run = run;
  e.check = kVerdictCheck;
  e.outcome = verdict.decision == Decision::promote ? Outcome::pass
              : verdict.decision == Decision::block ? Outcome::fail
                                                    : Outcome::inconclusive;
  if (!verdict.reasons.empty()) e.reason = verdict.reasons.front();
  return e;
}

std::string alert_body(Kind kind, const Alert& alert) {
  switch (kind) {
    case Kind::slack: return JsonObject().set("text", slack_escaped(plain_text(alert))).line();
    case Kind::teams: return teams_body(alert);
    case Kind::webhook: return webhook_body(alert);
    case Kind::mail: return plain_text(alert);
  }
  return "";
}

std::vector<Note> send_alert(const Alert& alert, const std::vector<AlertChannel>& channels,
                             const std::function<bool(std::string_view)>& safe, net::Http& http, net::Mail& mail) {
  std::vector<Note> notes;
  if (alert.event == AlertEvent::none) return notes;
  for (const AlertChannel& channel : channels) {
    const std::string body = alert_body(channel.kind, alert);
    const Result<void> sent = safe(body) && safe(headline(alert))
                                  ? deliver(alert, channel, body, http, mail)
                                  : fail(ErrorCode::internal, "it would have held a secret");
    if (sent) continue;
    std::string hint = "the verdict stands as it is";
    if (!sent.error().hint.empty()) hint += "; " + sent.error().hint;
    if (!sent.error().hint.empty() && channel.kind == Kind::mail)
      hint += ", by the system's authorities or by the one in LAUNCHGATE_ALERT_SMTP_CA";
    notes.push_back({Note::Level::warning,
                     fmt::format("the {} alert was not sent: {}", name_of(channel.kind), sent.error().what),
                     std::move(hint)});
  }
  return notes;
}

}  // namespace launchgate::gate
