// Private to validation/: the configuration's checks in their order, each answered from statistics where they
// tell, and otherwise with what has to be counted over rows.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "ingestion/dataset.hpp"
#include "validation/row_checks.hpp"
#include "validation/verdict.hpp"

namespace millrace {

// Whether so many unexpected rows of so many are acceptable.
using Passes = std::function<bool(std::uint64_t rows, std::uint64_t unexpected)>;

// A check with its result so far: complete from statistics, or to be counted over rows.
struct PlannedCheck {
  CheckResult result;
  Passes passes;
  std::optional<RowCheck> row_check;
  bool counts_repeats = false;

  void judge(std::uint64_t rows, std::uint64_t unexpected);
};

// Row count and required columns; for each column of the schema missing values and outliers; then the
// expectations as they are written: type, max_missing, between, in_set, regex, unique.
std::vector<PlannedCheck> planned_checks(const ValidationConfig& config, const Dataset& dataset);

}  // namespace millrace
