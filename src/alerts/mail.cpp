#include <algorithm>

#include "alerts/channel.hpp"
#include "alerts/fed_program.hpp"
#include "alerts/mail_message.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr double kMailSeconds = 30;  // a mailer takes a message and delivers it later

// Through sendmail, or what goes by that name.
class MailChannel : public AlertChannel {
 public:
  explicit MailChannel(const MailConfig& config)
      : words_(config.sendmail),
        from_(config.from.empty() ? "" : mail_address(config.from, "alerts.mail.from")) {
    if (words_.empty()) throw Error(Topic::kWrongValue, "alerts.mail.sendmail names no program");
    for (const std::string& address : config.to) to_.push_back(mail_address(address, "alerts.mail.to"));
  }

  [[nodiscard]] std::string kind() const override { return "mail"; }
  [[nodiscard]] double longest() const override { return kMailSeconds; }
  Delivery deliver(const AlertMessage& message, double limit) override {
    return {feed_program("the mailer " + words_.front(), words_, mail_message(message, from_, to_),
                         std::min(limit, kMailSeconds))};
  }

 protected:
  [[nodiscard]] std::string address() const override { return join(to_, ","); }

 private:
  std::vector<std::string> words_;
  std::string from_;
  std::vector<std::string> to_;
};

}  // namespace

std::unique_ptr<AlertChannel> mail_channel(const MailConfig& config) {
  return std::make_unique<MailChannel>(config);
}

}  // namespace millrace
