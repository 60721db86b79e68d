#include "alerts/webhook.hpp"

#include <algorithm>
#include <chrono>

#include "alerts/channel.hpp"
#include "base/hmac.hpp"
#include "base/topics.hpp"
#include "net/client/http_client.hpp"
#include "net/url.hpp"

namespace millrace {

namespace {

std::int64_t seconds_since_1970() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(now).count();
}

// Without its path and query, which may be what gives access: https://hooks.example.org
std::string server_of(const std::string& address) {
  try {
    const Url url = parse_url(address);
    return fmt::format("http{}://{}", url.tls ? "s" : "", host_and_port(url.host, url.port));
  } catch (const Error&) {
    throw Error(Topic::kWrongValue,
                "alerts.webhook.url is no address of the form http://HOST:PORT/PATH or https://…");
  }
}

std::string revealed(const std::optional<Secret>& secret) {
  if (!secret) return "";
  std::string key = secret->reveal();
  if (key.empty())
    throw Error(Topic::kSecret, "{}: the secret of alerts.webhook is empty", secret->mark.str());
  return key;
}

HttpClientOptions client_options(const WebhookConfig& config) {
  HttpClientOptions options;
  options.attempts = config.attempts;
  options.answer_seconds = config.timeout;
  options.proxies = true;
  options.unreachable = Topic::kNotDelivered;
  return options;
}

class WebhookChannel : public AlertChannel {
 public:
  explicit WebhookChannel(const WebhookConfig& config)
      : url_(config.url),
        server_(server_of(config.url)),
        key_(revealed(config.secret)),
        longest_(config.attempts * (config.timeout + kLongestWait)),
        client_(client_options(config)) {}

  [[nodiscard]] std::string kind() const override { return "webhook"; }
  [[nodiscard]] double longest() const override { return longest_; }
  std::string deliver(const AlertMessage& message) override {
    try {
      const int status = client_.send(call(message)).status;
      const bool taken = status >= 200 && status < 300;
      return taken ? "" : fmt::format("the webhook answered {}", status);
    } catch (const Error& error) {
      return "the webhook: " + error.message();
    }
  }

 protected:
  [[nodiscard]] std::string address() const override { return url_; }

 private:
  [[nodiscard]] HttpCall call(const AlertMessage& message) const {
    HttpCall call;
    call.url = url_;
    call.name = server_;
    call.method = "POST";
    call.body = message.document().dump(-1, ' ', false, Json::error_handler_t::replace);
    call.body_limit = 1024;
    call.headers = [this, body = call.body, id = message.id] { return headers(body, id); };
    return call;
  }

  [[nodiscard]] HttpHeaders headers(const std::string& body, const std::string& id) const {
    HttpHeaders headers{{"content-type", "application/json"}, {"Idempotency-Key", id}};
    const std::string timestamp = std::to_string(seconds_since_1970());
    headers.emplace_back("X-Millrace-Timestamp", timestamp);
    if (!key_.empty()) headers.emplace_back("X-Millrace-Signature", webhook_signature(key_, timestamp, body));
    return headers;
  }

  std::string url_;
  std::string server_;
  std::string key_;
  double longest_;
  HttpClient client_;
};

}  // namespace

std::string webhook_signature(std::string_view key, std::string_view timestamp, std::string_view body) {
  return "sha256=" + to_hex(hmac_sha256(key, fmt::format("{}.{}", timestamp, body)));
}

std::unique_ptr<AlertChannel> webhook_channel(const WebhookConfig& config) {
  return std::make_unique<WebhookChannel>(config);
}

}  // namespace millrace
