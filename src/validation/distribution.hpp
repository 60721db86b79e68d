// Private to validation/: how far a column's values today lie from those of earlier data, from the two
// profiles alone, and how far chance moves rows that are drawn alike.
//
// Allowances are such that rows drawn independently from one distribution exceed them less than once in
// 1 / kRarity checks. `n` and `m` are the numbers of earlier values and of those of today.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "ingestion/dataset.hpp"

namespace millrace {

inline constexpr double kRarity = 1e-6;

// Allowance for a share p: Bernstein's inequality for the difference of two means. S. Boucheron, G. Lugosi,
// P. Massart, "Concentration inequalities", Oxford 2013, theorem 2.10.
double share_allowance(double p, double n, double m);
// For the largest distance of two empirical distribution functions: N. Smirnov's limit law, "Table for
// estimating the goodness of fit of empirical distributions", Annals of Mathematical Statistics 19 (1948).
double distance_allowance(double n, double m);
// Of n earlier values and m of today, how many of today may lie beyond the earlier maximum: with j of them
// there the j largest of all n + m are today's, which has a probability of (m / (n + m))^j at most.
double rows_beyond_allowance(double n, double m);

// A distribution function, exact where all values were counted; otherwise known between bounds from the
// profile's quantiles.
class NumberDistribution {
 public:
  explicit NumberDistribution(const ColumnProfile& profile);  // of a numeric column with values

  [[nodiscard]] double least_up_to(double x) const;  // share of values ≤ x, at least
  [[nodiscard]] double most_up_to(double x) const;
  [[nodiscard]] double least_below(double x) const;  // share of values < x, at least
  [[nodiscard]] double min() const { return points_.front().first; }
  [[nodiscard]] double max() const { return points_.back().first; }
  [[nodiscard]] double median() const { return median_; }

  // Kolmogorov and Smirnov's distance: the largest difference of the two functions; at least, where one of
  // them is known between bounds.
  [[nodiscard]] double distance(const NumberDistribution& other) const;

 private:
  [[nodiscard]] double largest_excess(const NumberDistribution& other) const;

  std::vector<std::pair<double, double>> points_;  // value, share of values up to it; ascending
  double median_ = 0;
  bool exact_ = true;
};

// Texts with their rows.
using LevelCounts = std::map<std::string, std::uint64_t>;

// Total variation: the share of values that would have to be others for the two to be alike.
struct LevelShift {
  double distance = 0;
  double allowance =
      0;              // the mean under chance, from the pooled shares, and McDiarmid's inequality beyond it
  std::string level;  // whose share has changed most
  double before = 0;  // that level's shares
  double now = 0;
};
LevelShift level_shift(const LevelCounts& before, const LevelCounts& now);

// Values of today that did not occur before, as a share, and the share that is expected: that of the values
// which occurred once among the earlier ones. I. Good, "The population frequencies of species and the
// estimation of population parameters", Biometrika 40 (1953).
struct UnseenLevels {
  double share = 0;
  double expected = 0;
  std::string most_frequent;
};
UnseenLevels unseen_levels(const LevelCounts& before, const LevelCounts& now);

}  // namespace millrace
