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

std::string revealed(const std::optional<Secret>& secret, const char* key) {
  if (!secret) return "";
  std::string value = secret->reveal();
  if (value.empty())
    throw Error(Topic::kSecret, "{}: the secret of alerts.webhook.{} is empty", secret->mark.str(), key);
  return value;
}

// Without path and query, which may be what gives access; of a secret address nothing is shown.
struct WebhookAddress {
  explicit WebhookAddress(const WebhookConfig& config)
      : url(config.secret_url ? revealed(config.secret_url, "secret_url") : config.url) {
    const std::string mark = config.secret_url ? config.secret_url->mark.str() + ": " : "";
    const char* key = config.secret_url ? "secret_url" : "url";
    try {
      const Url parts = parse_url(url);
      name = fmt::format("http{}://{}", parts.tls ? "s" : "", host_and_port(parts.host, parts.port));
      if (config.secret_url) hidden = parts.host, name = "the address of alerts.webhook.secret_url";
    } catch (const Error&) {
      throw Error(Topic::kWrongValue,
                  "{}alerts.webhook.{} is no address of the form http://HOST:PORT/PATH or https://…", mark,
                  key);
    }
  }

  // As a message may have it: libcurl names the host.
  [[nodiscard]] std::string shown(std::string text) const {
    if (hidden.empty()) return text;
    for (auto at = text.find(hidden); at != std::string::npos; at = text.find(hidden, at + 3))
      text.replace(at, hidden.size(), "...");
    return text;
  }

  std::string url;
  std::string name;    // what messages call it
  std::string hidden;  // the host of a secret address
};

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
      : address_(config),
        key_(revealed(config.secret, "secret")),
        longest_(config.attempts * (config.timeout + kLongestWait)),
        client_(client_options(config)) {}

  [[nodiscard]] std::string kind() const override { return "webhook"; }
  [[nodiscard]] double longest() const override { return longest_; }
  Delivery deliver(const AlertMessage& message, double limit) override {
    try {
      const HttpAnswer answer = client_.send(call(message, std::min(limit, longest_)));
      if (answer.status >= 200 && answer.status < 300) return {};
      return {fmt::format("the webhook answered {}", answer.status), !passes(answer.status),
              answer.retry_after()};
    } catch (const Error& error) {
      return {"the webhook: " + address_.shown(error.message())};
    }
  }

 protected:
  [[nodiscard]] std::string address() const override { return address_.url; }

 private:
  [[nodiscard]] HttpCall call(const AlertMessage& message, double limit) const {
    HttpCall call;
    call.url = address_.url;
    call.name = address_.name;
    call.seconds = limit;
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

  WebhookAddress address_;
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
