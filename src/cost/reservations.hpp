// What runs that go on are likely to cost, so that those that begin at the same time do not exceed a budget
// together. A journal, cost/reservations/: of any number of processes each sees those that were before it.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "cost/charges.hpp"
#include "storage/objects.hpp"

namespace millrace {

// From a run's beginning to its end.
struct Reservation {
  std::uint64_t number = 0;  // of its entry; run.json has it as cost.reservation
  Money amount;              // the run's forecast
  std::string currency, model, team;
  std::string host;  // of the process that reserved
  int pid = 0;
  Moment time = 0;
};

// Oldest first. Throws kResource where an entry is missing or altered.
std::vector<Reservation> recorded_reservations(const Workspace& workspace);

// Appends one for this process, and returns its number, unless `check`, which is given all those before it,
// throws. Throws kResource.
std::uint64_t reserve(const Workspace& workspace, const Reservation& wanted,
                      const std::function<void(const std::vector<Reservation>& before)>& check);

// Those that have not ended, with what their runs are not charged yet. One ends with its run, whose record
// says so, or whose process on this host is gone; a run on another host has ended, too, where nothing was
// heard of it for kSilentAfter. One whose run is not recorded holds for kUnbegunFor, then for kUnbegunAtMost
// while its process lives, as far as that can be told.
std::vector<Reservation> open_reservations(const std::vector<Reservation>& all,
                                           const std::vector<RunUsage>& runs,
                                           const std::vector<Charge>& charges, Moment now);

inline constexpr Moment kSilentAfter = kHourMs;
inline constexpr Moment kUnbegunFor = kHourMs / 60;
inline constexpr Moment kUnbegunAtMost = kHourMs / 6;

}  // namespace millrace
