#include "alerts/channel.hpp"

#include "base/digest.hpp"

namespace millrace {

std::string AlertChannel::id() const {
  return kind() + "-" + digest_of(address()).brief();
}

std::vector<std::unique_ptr<AlertChannel>> alert_channels(const AlertsConfig& config) {
  std::vector<std::unique_ptr<AlertChannel>> channels;
  if (!config.mail.to.empty()) channels.push_back(mail_channel(config.mail));
  if (!config.webhook.url.empty() || config.webhook.secret_url)
    channels.push_back(webhook_channel(config.webhook));
  if (!config.command.empty()) channels.push_back(command_channel(config));
  return channels;
}

}  // namespace millrace
