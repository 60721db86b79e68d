// Inside versions/: how one column's values differ between two versions, from the two stored profiles alone.
#pragma once

#include <span>

#include "ingestion/dataset.hpp"

namespace millrace {

// The population stability index of two histograms over the same bins: the sum of (q − p) ln(q / p) over
// their shares p and q, each count taken half a row larger so that an empty bin has a finite weight. It is
// Jeffreys' divergence: H. Jeffreys, "An invariant form for the prior probability in estimation problems",
// Proceedings of the Royal Society A 186 (1946); as an index: N. Siddiqi, "Credit Risk Scorecards", Wiley
// 2006. Rules of thumb: below 0.1 hardly a change, above 0.25 a large one. 0 where either has no rows.
double stability_index(std::span<const double> before, std::span<const double> after);

// Shares of values up to x: exact where all values were counted, else by straight lines between what the
// profile knows (quantiles and the borders of its histogram).
class Cumulative {
 public:
  explicit Cumulative(const ColumnProfile& profile);  // of a numeric column with values
  [[nodiscard]] double up_to(double x) const;

 private:
  bool exact_;
  std::vector<std::pair<double, double>> points_;  // value, share of values up to it; both ascending
};

// {"name", "type", "missing": [before, after], "psi" (null: not known)} and for numbers "mean", "deviation",
// "min", "max", "quantiles": {"0.5": [before, after]}, for texts "new_levels" and "vanished_levels" with
// "count", "rows" and "examples" ([[text, rows], …], the most frequent). Each pair is [before, after].
Json column_change(const Field& field, const ColumnProfile& before, const ColumnProfile& after);

}  // namespace millrace
