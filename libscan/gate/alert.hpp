// Alerts: one message when a release is blocked, one when the environment is well again, to chat, webhook or mail.
//
// Said once: while the same environment stays blocked there is no second message, and a hold in between changes
// nothing. Never with a secret: a message that holds one in any form is not sent. And an alert that cannot be
// delivered is a warning in the report, never another verdict.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "libscan/core/report.hpp"
#include "libscan/core/result.hpp"
#include "libscan/core/verdict.hpp"
#include "libscan/gate/judge.hpp"
#include "libscan/net/http.hpp"
#include "libscan/net/mail.hpp"

namespace launchgate::gate {

struct AlertChannel {
  enum class Kind { slack, teams, webhook, mail };
  Kind kind = Kind::webhook;
  std::string url;  // a secret for webhooks
  net::MailServer mail_server;
  std::string mail_from;
  std::vector<std::string> mail_to;
};

// From the environment, where webhook addresses belong:
//   LAUNCHGATE_ALERT_SLACK, LAUNCHGATE_ALERT_TEAMS, LAUNCHGATE_ALERT_WEBHOOK   https:// addresses
//   LAUNCHGATE_ALERT_SMTP (smtps://… or smtp://…), _SMTP_USER, _SMTP_PASSWORD, _SMTP_FROM, _SMTP_TO (a,b),
//   _SMTP_CA (a PEM file: whom to trust instead of the system's authorities)
// Errors: config, for an address that is not https:// (http:// is for loopback) or half a mail configuration.
Result<std::vector<AlertChannel>> alert_channels(
    const std::function<std::optional<std::string>(std::string_view)>& env);

enum class AlertEvent { none, blocked, recovered };

// What is news, given the conclusions on kVerdictCheck of earlier runs of this environment.
AlertEvent alert_event(const History& history, Decision decision);

// The event a run leaves in the ledger for that, under the name of no check.
inline constexpr std::string_view kVerdictCheck = "(verdict)";
Event verdict_event(const Run& run, const Verdict& verdict);

struct Alert {
  AlertEvent event = AlertEvent::none;
  Run run;
  Verdict verdict;
  std::string link;         // to the CI run; may be empty
  bool state_lost = false;  // the ledger could not be read: what is said may have been said before
};

// The body a channel gets; plain text for mail.
std::string alert_body(AlertChannel::Kind kind, const Alert& alert);

// Sends to every channel; one note for each that failed. `safe` says whether a text holds no secret.
std::vector<Note> send_alert(const Alert& alert, const std::vector<AlertChannel>& channels,
                             const std::function<bool(std::string_view)>& safe, net::Http& http, net::Mail& mail);

}  // namespace launchgate::gate
