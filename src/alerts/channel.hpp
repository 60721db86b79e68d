// One way in which alerts reach somebody.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/alert.hpp"
#include "config/alerts_config.hpp"

namespace millrace {

class AlertChannel {
 public:
  virtual ~AlertChannel() = default;

  // "mail", "webhook", "command".
  [[nodiscard]] virtual std::string kind() const = 0;
  // Seconds that a message takes at most.
  [[nodiscard]] virtual double longest() const = 0;
  // Why it was not delivered; "" where it was. Does not throw for what may pass.
  virtual std::string deliver(const AlertMessage& message) = 0;

  // KIND-DIGEST: with the digest of whom it reaches, since pipelines that share a workspace may tell
  // different people.
  [[nodiscard]] std::string id() const;

 protected:
  // What tells its receivers from others; only its digest is kept.
  [[nodiscard]] virtual std::string address() const = 0;
};

// Those that are configured. Throws kWrongValue, kSecret, kEnvironmentVariable or kMissingFile for what
// cannot be used.
std::vector<std::unique_ptr<AlertChannel>> alert_channels(const AlertsConfig& config);

// Throws kWrongValue for an address that may not stand in a header.
std::unique_ptr<AlertChannel> mail_channel(const MailConfig& config);
// Throws kWrongValue for what is no http:// or https:// address.
std::unique_ptr<AlertChannel> webhook_channel(const WebhookConfig& config);
std::unique_ptr<AlertChannel> command_channel(const AlertsConfig& config);

}  // namespace millrace
