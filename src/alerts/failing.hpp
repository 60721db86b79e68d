// When a message that a channel did not take is tried again, and when no longer.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/json.hpp"

namespace millrace {

using AlertClock = std::function<double()>;  // seconds since 1970
double alert_time();                         // the system's

// The message that a channel is to take next, after attempts that failed. Times are seconds since 1970.
struct Failing {
  std::string failure;  // of the last attempt
  std::uint32_t attempts = 0;
  double since = 0;  // the first attempt
  double next = 0;   // before it nobody tries again by himself

  [[nodiscard]] std::string due() const;  // `next`, RFC 3339
  // Into an entry of the outbox and out of it; nothing where none is in it.
  void write(Json& entry) const;
  static std::optional<Failing> read(const Json& entry);
};

// After one more attempt. The pause is a minute and doubles up to a quarter of an hour; where the receiver
// asks for a longer one (`asked` seconds), that, up to a day.
Failing failed_again(const std::optional<Failing>& before, const std::string& failure, double asked,
                     double now);

// After three days: what is behind it has its turn.
bool is_given_up(const Failing& failing, double now);

}  // namespace millrace
