// The verdict on a dataset: each expectation with its counts and samples, and whether the data may go on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

// Checks whose results the next verdict looks up.
inline constexpr const char* kOutliers = "outliers";
inline constexpr const char* kRepeatedRows = "repeated_rows";

struct CheckResult {
  std::string check;   // "missing", "outliers", "between", "in_set", "regex", "unique", "type", "row_count",
                       // "required", "leakage", and those of the comparison with earlier data
  std::string column;  // empty for checks of the whole table
  std::string expected;  // "share <= 0.1", "in [0, 100]"
  std::string observed;  // "0.134 (943 of 7,043)"
  bool passed = true;
  Action action = Action::kReject;
  std::uint64_t rows = 0;        // that the check looked at
  std::uint64_t unexpected = 0;  // of these
  Json samples = Json::array();  // up to 20: {"file", "record", "value"}
};

struct Verdict {
  std::vector<CheckResult> checks;
  [[nodiscard]] bool accepted() const;  // no failed check with action reject
  [[nodiscard]] std::size_t count(bool passed, Action action) const;
};
void to_json(Json& json, const Verdict& verdict);
void from_json(const Json& json, Verdict& verdict);
// A table for people: failures first, then warnings, then a count of what passed.
std::string format_verdict(const Verdict& verdict);

}  // namespace millrace
