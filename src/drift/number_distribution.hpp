// How numbers are distributed: rows at points, and rows between neighbouring points. Exact where every value
// is a point; beyond so many different values, points are quantiles, and what lies between two of them counts
// as spread evenly.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace {

struct NumberDistribution {
  std::vector<double> points;          // ascending, each once
  std::vector<std::uint64_t> at;       // rows with exactly this value
  std::vector<std::uint64_t> between;  // [i]: rows strictly between points[i] and points[i + 1]; empty: none

  [[nodiscard]] bool exact() const { return between.empty(); }
  [[nodiscard]] std::uint64_t rows() const;
  [[nodiscard]] std::size_t distinct() const;  // values that are points
  [[nodiscard]] double mean() const;
  [[nodiscard]] double deviation() const;  // of the population
};

// Rows below and up to a number, in logarithmic time. The distribution must outlive it.
class CumulativeRows {
 public:
  explicit CumulativeRows(const NumberDistribution& numbers);

  [[nodiscard]] double rows() const { return total_; }
  [[nodiscard]] double below(double value) const;  // value is not counted
  [[nodiscard]] double up_to(double value) const;  // value is counted
  // The least number that a share q in (0, 1] of the rows does not exceed.
  [[nodiscard]] double quantile(double q) const;

 private:
  [[nodiscard]] double within_gap(std::size_t above, double value) const;

  const NumberDistribution& numbers_;
  std::vector<double> below_;  // rows below each point
  double total_ = 0;
};

// The same rows over at most `gaps` + 1 points: quantiles, 1 / gaps apart.
NumberDistribution compacted(const NumberDistribution& numbers, std::size_t gaps);

// The points of both, ascending, each once.
std::vector<double> all_points(const NumberDistribution& a, const NumberDistribution& b);

}  // namespace millrace
