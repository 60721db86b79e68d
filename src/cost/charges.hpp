// What is charged: each run's share of each day, and each day's storage; and sums of them.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cost/storage.hpp"
#include "cost/usage.hpp"

namespace millrace {

// Of anything; sums are exact.
struct CostSum {
  std::int64_t core_ms = 0, gpu_ms = 0;
  std::int64_t storage = 0;  // billionths of a GB-month
  Money amount;              // for what has a price
  // What has none in the currency that is asked for, and so is not in `amount`.
  std::int64_t free_core_ms = 0, free_gpu_ms = 0, free_storage = 0;

  CostSum& operator+=(const CostSum& other);
  friend bool operator==(const CostSum&, const CostSum&) = default;
};

// Adds what so many milliseconds cost to the amount; without a price, to what is not charged.
void charge_time(std::int64_t ms, const std::optional<Money>& per_hour, CostSum& cost, std::int64_t& free_ms);

struct Charge {
  std::string run, pipeline, model, team;  // of storage: all empty
  Moment time = 0;                         // its beginning; it ends on the same day
  CostSum cost;

  [[nodiscard]] bool is_storage() const { return run.empty(); }
};

// A run that goes over midnight (UTC) is charged to each day by the time it took there. At the prices of when
// it began; where none were recorded, at `prices`. Storage is charged from one measure to the next, the last
// one until `now`.
std::vector<Charge> charges_of(const std::vector<RunUsage>& runs, const std::vector<StorageMeasure>& measures,
                               const Prices& prices, Moment now);

inline constexpr const char* kStorageGroup = "(storage)";
inline constexpr const char* kNoTeam = "(none)";

// `by`: run, model, team, day, month.
std::map<std::string, CostSum> sums_by(const std::vector<Charge>& charges, const std::string& by);
CostSum total(const std::vector<Charge>& charges);

}  // namespace millrace
