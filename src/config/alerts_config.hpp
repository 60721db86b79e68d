// Who is told of what: docs/alerts.md.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/secret.hpp"

namespace millrace {

struct MailConfig {
  std::vector<std::string> to;  // empty: no mail
  std::string from;             // empty: sendmail's own
  std::vector<std::string> sendmail{"sendmail", "-i", "-t"};
};

struct WebhookConfig {
  std::string url;                   // empty: none
  std::optional<Secret> secret_url;  // instead of url, where the address itself lets one in
  std::optional<Secret> secret;      // signs bodies (HMAC-SHA256)
  std::uint32_t attempts = 5;        // at once; what fails all is kept for later
  double timeout = 10;               // seconds, of an attempt
};

struct AlertsConfig {
  std::string level = "alert";  // the lowest that is sent: warn, alert, retrain
  MailConfig mail;
  WebhookConfig webhook;
  std::vector<std::string> command;  // gets the alert as JSON on its standard input; empty: none
  double command_seconds = 60;
  std::string metrics;  // folder of Prometheus text files; empty: WORKSPACE/metrics
};

}  // namespace millrace
