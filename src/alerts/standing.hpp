// What the entries of an outbox add up to: which alerts are open, and what waits for whom. Format of the
// entries: docs/formats.md, "Alerts".
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "alerts/alert.hpp"
#include "alerts/failing.hpp"
#include "storage/journal.hpp"

namespace millrace {

// Raised and not resolved.
struct OpenAlert {
  AlertLevel level = AlertLevel::kWarn;  // the highest so far
  std::string subject;                   // of that
  std::string since;
  std::set<std::string> channels;  // that are told
};

// Who delivers to a channel now: nobody else does, so that no message is sent twice.
struct Claim {
  std::string host;
  int pid = 0;
  double since = 0;  // seconds since 1970
  double until = 0;  // from then on it is taken as lost

  // Whether it keeps this process out.
  [[nodiscard]] bool holds() const;
};

// One that is not tried again by itself.
struct RefusedMessage {
  std::shared_ptr<const AlertMessage> message;
  std::string failure;
};

struct ChannelStanding {
  std::deque<std::shared_ptr<const AlertMessage>> waiting;  // oldest first
  std::vector<RefusedMessage> refused;
  std::optional<Claim> claim;
  std::string last_told;           // when it last took something; "" for never
  std::optional<Failing> failing;  // the first that waits
};

struct AlertStanding {
  using Key = std::pair<std::string, std::string>;  // cause, run
  std::map<Key, OpenAlert> open;
  std::map<std::string, ChannelStanding> channels;

  // Takes the next entry in. Throws kDamagedJournal for one that is none of an outbox.
  void follow(const JournalEntry& entry);
};

}  // namespace millrace
