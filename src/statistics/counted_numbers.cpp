#include "statistics/counted_numbers.hpp"

#include <algorithm>

#include "statistics/quantiles.hpp"

namespace millrace {

// Halves keep the width of the widest ranges finite.
std::size_t EqualBins::of(double value) const {
  const double width = max / 2 - min / 2;
  if (!(width > 0)) return 0;
  const double place = (value / 2 - min / 2) / width * static_cast<double>(count);
  return std::min(static_cast<std::size_t>(std::max(place, 0.0)), count - 1);
}

std::vector<std::uint64_t> histogram_of(const CountedNumbers& numbers, const EqualBins& bins) {
  std::vector<std::uint64_t> counts(bins.count);
  for (const auto& [value, count] : numbers) counts[bins.of(value)] += count;
  return counts;
}

std::vector<std::uint64_t> neighbour_ranks(std::span<const double> shares, std::uint64_t present) {
  std::vector<std::uint64_t> ranks;
  for (const double share : shares) {
    const QuantilePosition position = quantile_position(share, present);
    ranks.insert(ranks.end(), {position.low, position.high});
  }
  return ranks;
}

std::vector<double> interpolate(std::span<const double> shares, std::uint64_t present,
                                std::span<const double> neighbours) {
  std::vector<double> values;
  for (std::size_t i = 0; i < shares.size(); ++i) {
    const double weight = quantile_position(shares[i], present).weight;
    const double low = neighbours[2 * i];
    const double high = neighbours[2 * i + 1];
    values.push_back(low == high ? low : (1 - weight) * low + weight * high);
  }
  return values;
}

std::vector<double> quantiles_of(const CountedNumbers& numbers, std::span<const double> shares) {
  std::vector<std::uint64_t> up_to;  // how many values are at most as large
  for (const auto& [value, count] : numbers) up_to.push_back(count + (up_to.empty() ? 0 : up_to.back()));
  std::vector<double> neighbours;
  for (const std::uint64_t rank : neighbour_ranks(shares, up_to.back()))
    neighbours.push_back(
        numbers.at(static_cast<std::size_t>(std::ranges::upper_bound(up_to, rank) - up_to.begin())).first);
  return interpolate(shares, up_to.back(), neighbours);
}

}  // namespace millrace
