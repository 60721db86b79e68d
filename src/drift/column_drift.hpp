// How far a column's values are from those of the reference, and what that calls for.
#pragma once

#include <string>

#include "config/monitoring_config.hpp"
#include "drift/bins.hpp"

namespace millrace {

enum class DriftLevel { kNone, kWarn, kAlert, kRetrain };
std::string to_string(DriftLevel level);
// The highest whose border `value` reaches.
DriftLevel level_of(double value, const Ladder& ladder);

// What monitoring.* says for one column.
struct ColumnRules {
  std::string test = "auto";
  BinRule bins;
  Ladder drift;
  Ladder new_levels{0.01, 0.05, 0.1};
  double chance = 0.001;  // an index that chance exceeds more often has no level
};
ColumnRules rules_for(const MonitoringConfig& monitoring, const std::string& column, std::size_t columns);

struct ColumnDrift {
  std::string name;
  ColumnType type;
  std::uint64_t reference_rows = 0;  // all, with missing values
  std::uint64_t current_rows = 0;
  double reference_missing = 0;  // shares
  double current_missing = 0;
  bool compared = false;  // both have values; what follows is 0 otherwise
  double index = 0;       // population stability index
  double index_by_chance = 0;
  double new_levels = 0;            // share of the present rows
  double new_levels_by_chance = 0;  // what the reference's own distribution would give
  std::string test;                 // that decides on `drifted`
  double score = 0;
  double threshold = 0;
  bool drifted = false;
  bool exact = true;  // no number stands for a gap of a grid
  DriftLevel level = DriftLevel::kNone;
  std::string cause;  // of the level, in words
  CommonBins bins;    // of the index
};

// Of one column, which has the reference's type. A column without values where the reference has some stands
// at kAlert: that is a fault of the feed, which no retraining mends.
ColumnDrift compare_columns(const ColumnDistribution& reference, const ColumnDistribution& current,
                            const ColumnRules& rules);

// As Evidently 0.7 chooses, by type, different values and the rows of the reference: up to 1,000 rows ks
// (more than five values), chisquare, z (two values); beyond wasserstein, jensenshannon.
std::string choose_test(const ColumnDistribution& reference, const ColumnDistribution& current);

}  // namespace millrace
