#include <algorithm>

#include "alerts/channel.hpp"
#include "alerts/fed_program.hpp"
#include "base/text.hpp"

namespace millrace {

namespace {

// A program that reads the alert as JSON.
class CommandChannel : public AlertChannel {
 public:
  explicit CommandChannel(const AlertsConfig& config)
      : words_(config.command), limit_(config.command_seconds) {}

  [[nodiscard]] std::string kind() const override { return "command"; }
  [[nodiscard]] double longest() const override { return limit_; }
  Delivery deliver(const AlertMessage& message, double limit) override {
    const std::string document = message.document().dump(2, ' ', false, Json::error_handler_t::replace);
    return {feed_program("the command " + words_.front(), words_, document + "\n", std::min(limit, limit_))};
  }

 protected:
  [[nodiscard]] std::string address() const override { return join(words_, std::string_view("\0", 1)); }

 private:
  std::vector<std::string> words_;
  double limit_;
};

}  // namespace

std::unique_ptr<AlertChannel> command_channel(const AlertsConfig& config) {
  return std::make_unique<CommandChannel>(config);
}

}  // namespace millrace
