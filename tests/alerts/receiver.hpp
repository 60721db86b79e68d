// Who is told in tests: a webhook's receiver that may be down, slow or unwilling, and remembers what it took.
#pragma once

#include <atomic>
#include <chrono>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/json.hpp"
#include "config/alerts_config.hpp"
#include "support/raw_server.hpp"

namespace millrace::testing_support {

class Receiver {
 public:
  Receiver() : server_([this](const RawRequest& request) { return take(request); }) {}

  std::atomic<int> status = 200;
  std::atomic<double> delay = 0;  // seconds
  // Of what it does not take.
  void set_headers(const std::string& headers) {
    const std::lock_guard lock(mutex_);
    headers_ = headers;
  }
  // A message of this cause is answered with 500 whatever the status.
  void choke_on(const std::string& cause) {
    const std::lock_guard lock(mutex_);
    poison_ = cause;
  }

  [[nodiscard]] std::string url() const { return server_.url("/hook/secret-path?token=abc"); }
  [[nodiscard]] AlertsConfig config() const {
    AlertsConfig config;
    config.webhook.url = url();
    config.webhook.attempts = 1;
    config.webhook.timeout = 5;
    return config;
  }
  [[nodiscard]] int requests() const { return server_.requests(); }
  // All that came, taken or not.
  [[nodiscard]] std::vector<RawRequest> seen() {
    const std::lock_guard lock(mutex_);
    return seen_;
  }
  [[nodiscard]] std::vector<Json> taken() {
    const std::lock_guard lock(mutex_);
    return taken_;
  }
  // "raised cause" each.
  [[nodiscard]] std::vector<std::string> told() {
    std::vector<std::string> lines;
    for (const Json& message : taken())
      lines.push_back(message["status"].get<std::string>() + " " + message["cause"].get<std::string>());
    return lines;
  }

 private:
  std::string take(const RawRequest& request) {
    std::this_thread::sleep_for(std::chrono::duration<double>(delay.load()));
    const std::lock_guard lock(mutex_);
    seen_.push_back(request);
    const Json message = Json::parse(request.body);
    if (message["cause"] == poison_) return answer(500, "", "");
    if (status >= 300) return answer(status, headers_, "");
    taken_.push_back(message);
    return answer(status, "", "");
  }

  std::mutex mutex_;
  std::vector<RawRequest> seen_;
  std::vector<Json> taken_;
  std::string headers_;
  std::string poison_;
  RawServer server_;  // last: its threads use the others
};

}  // namespace millrace::testing_support
