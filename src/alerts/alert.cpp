#include "alerts/alert.hpp"

#include <algorithm>
#include <array>

#include "base/time.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::array<std::string_view, 3> kLevelNames{"warn", "alert", "retrain"};

}  // namespace

std::string_view to_string(AlertLevel level) {
  return kLevelNames.at(static_cast<std::size_t>(level));
}

AlertLevel parse_alert_level(std::string_view word) {
  const auto* const found = std::ranges::find(kLevelNames, word);
  if (found == kLevelNames.end())
    throw Error(Topic::kDamagedJournal, "'{}' is no level of alerts: warn, alert or retrain", word);
  return static_cast<AlertLevel>(found - kLevelNames.begin());
}

Json AlertMessage::document() const {
  return {{"id", id},
          {"status", status},
          {"cause", alert.cause},
          {"level", to_string(alert.level)},
          {"subject", alert.subject},
          {"text", alert.text},
          {"details", alert.details},
          {"run", run.empty() ? Json(nullptr) : Json(run)},
          {"time", time}};
}

std::string message_id(const Digest& digest) {
  return digest.hex().substr(0, 32);
}

AlertMessage unrecorded_message(const std::string& status, const Alert& alert, const std::string& run) {
  AlertMessage message{0, "", status, alert, run, now_rfc3339()};
  message.id = message_id(digest_of(message.document().dump(-1, ' ', false, Json::error_handler_t::replace)));
  return message;
}

}  // namespace millrace
