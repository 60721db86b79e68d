// What lies in objects/, measured once a day: cost/storage/DAY.json. Objects are shared by models and runs,
// so that their keeping is charged to the workspace.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "cost/money.hpp"
#include "cost/period.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct StorageMeasure {
  Moment time = 0;
  std::uint64_t bytes = 0;  // until the next measure
  std::string currency;
  std::optional<Money> gb_month;  // the price then
};

// Measures and records, unless the day of `now` has a measure already or there are no objects. Throws
// kResource.
void measure_storage(const Workspace& workspace, const Prices& prices, Moment now);

// Oldest first. One that cannot be read is left out with a warning.
std::vector<StorageMeasure> storage_measures(const Workspace& workspace);

}  // namespace millrace
