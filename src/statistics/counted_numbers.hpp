// Quantiles and histograms of numbers that are counted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace millrace {

// Ascending values with how often each occurs.
using CountedNumbers = std::vector<std::pair<double, std::uint64_t>>;

// Bins of equal width from min to max; the last one holds max too, and the first one all values where both
// are the same. A larger value is never in a lower bin.
struct EqualBins {
  double min = 0;
  double max = 0;
  std::size_t count = 1;

  [[nodiscard]] std::size_t of(double value) const;
};
std::vector<std::uint64_t> histogram_of(const CountedNumbers& numbers, const EqualBins& bins);

// Both neighbours (0-based positions among the sorted values) of each share's quantile.
std::vector<std::uint64_t> neighbour_ranks(std::span<const double> shares, std::uint64_t present);
// The quantiles from the values at these ranks.
std::vector<double> interpolate(std::span<const double> shares, std::uint64_t present,
                                std::span<const double> neighbours);
// The same of numbers, of which there is at least one.
std::vector<double> quantiles_of(const CountedNumbers& numbers, std::span<const double> shares);

}  // namespace millrace
