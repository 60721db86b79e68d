// Something that somebody should know, and the message by which it is told.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>

#include "base/digest.hpp"
#include "base/json.hpp"

namespace millrace {

enum class AlertLevel : std::uint8_t { kWarn, kAlert, kRetrain };  // ascending

std::string_view to_string(AlertLevel level);  // "warn", "alert", "retrain"
// Throws kDamagedJournal for any other word.
AlertLevel parse_alert_level(std::string_view word);

struct Alert {
  std::string cause;  // the same as long as it lasts: "drift/churn/tenure", "run/churn/failed"
  AlertLevel level = AlertLevel::kAlert;
  std::string subject;  // one line
  std::string text;
  Json details = Json::object();  // no secrets: they are sent and kept
};

// An alert on its way, or the word that its cause is gone.
struct AlertMessage {
  std::uint64_t number = 0;  // of its entry in the outbox: messages are told in this order; 0: it has none
  std::string id;            // by which a receiver knows that it has it already
  std::string status;        // raised, resolved, test
  Alert alert;
  std::string run;   // that raised it; "" for none
  std::string time;  // RFC 3339
  std::set<std::string> channels{};

  // What webhooks and commands get. Layout: docs/alerts.md.
  [[nodiscard]] Json document() const;
};

// Of a message with this digest: 32 hexadecimal digits.
std::string message_id(const Digest& digest);

// Of one that is in no outbox.
AlertMessage unrecorded_message(const std::string& status, const Alert& alert, const std::string& run);

}  // namespace millrace
