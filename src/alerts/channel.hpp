// One way in which alerts reach somebody.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "alerts/alert.hpp"
#include "config/alerts_config.hpp"

namespace millrace {

// How it went with a message.
struct Delivery {
  std::string failure = {};  // "": it was taken
  bool refused = false;      // it would be the same the next time
  double asked = 0;          // seconds after which the receiver wants to be tried again; 0: it does not say
};

class AlertChannel {
 public:
  virtual ~AlertChannel() = default;

  // "mail", "webhook", "command".
  [[nodiscard]] virtual std::string kind() const = 0;
  // Seconds that a message is given at most.
  [[nodiscard]] virtual double longest() const = 0;
  // Within `limit` seconds. Does not throw for what may pass.
  virtual Delivery deliver(const AlertMessage& message, double limit) = 0;

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
// Throws kWrongValue for what is no http:// or https:// address, kSecret for an empty secret.
std::unique_ptr<AlertChannel> webhook_channel(const WebhookConfig& config);
std::unique_ptr<AlertChannel> command_channel(const AlertsConfig& config);

}  // namespace millrace
