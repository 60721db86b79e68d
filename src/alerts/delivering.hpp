// Gives a channel what waits for it in the outbox. Internal to alerts/.
#pragma once

#include <string>

#include "alerts/channel.hpp"
#include "alerts/outbox.hpp"

namespace millrace {

struct DeliveryTime {
  const AlertClock& clock;
  double limit;             // seconds for all messages
  bool is_now_due = false;  // though the pause after a failure is not over
};

struct Delivered {
  std::string failure;  // why the first that waits still does; "" where it need not
  std::string refusal;  // of a message that was set aside; "" for none
};

// What waits for `id`, until one fails or the time is over; under a claim, so that of several processes one
// delivers. Killed between a delivery and its record, the message is sent again, with the same id. Throws
// kResource where the outbox cannot be read or written.
Delivered deliver_waiting(AlertOutbox& outbox, AlertChannel& channel, const std::string& id,
                          const DeliveryTime& time);

}  // namespace millrace
