#include "statistics/moments.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>

namespace millrace {

namespace {

// Every eighth value goes one way: as many sums grow at once as the processor has lanes for, and none waits
// for the one before.
constexpr std::size_t kLanes = 8;
using Lanes = std::array<double, kLanes>;

// step(lane, value) for all values.
template <class Step>
void over_lanes(std::span<const double> values, const Step& step) {
  const std::size_t whole = values.size() - values.size() % kLanes;
  for (std::size_t i = 0; i < whole; i += kLanes) {
    for (std::size_t lane = 0; lane < kLanes; ++lane) step(lane, values[i + lane]);
  }
  for (std::size_t i = whole; i < values.size(); ++i) step(i - whole, values[i]);
}

double sum(const Lanes& lanes) {
  return std::accumulate(lanes.begin(), lanes.end(), 0.0);
}

// A first mean, up to rounding.
double mean_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  Lanes sums{};
  over_lanes(values, [&](std::size_t lane, double value) { sums[lane] += value; });
  if (std::isfinite(sum(sums))) return sum(sums) / n;
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [n](double mean, double value) { return mean + value / n; });
}

void set_extremes(std::span<const double> values, Moments& moments) {
  Lanes least;
  Lanes most;
  least.fill(values[0]);
  most.fill(values[0]);
  over_lanes(values, [&](std::size_t lane, double value) {
    least[lane] = std::min(least[lane], value);
    most[lane] = std::max(most[lane], value);
  });
  moments.min = *std::ranges::min_element(least);
  moments.max = *std::ranges::max_element(most);
  moments.zeros = static_cast<std::uint64_t>(std::ranges::count(values, 0.0));
}

}  // namespace

Moments moments_of(std::span<const double> values) {
  Moments moments;
  if (values.empty()) return moments;
  set_extremes(values, moments);
  const double mean = mean_of(values);
  Lanes deviations{};
  Lanes squares{};
  over_lanes(values, [&](std::size_t lane, double value) {
    deviations[lane] += value - mean;
    squares[lane] += (value - mean) * (value - mean);
  });
  const auto n = static_cast<double>(values.size());
  const bool is_finite = std::isfinite(sum(squares));  // beyond a double: no correction, and no NaN
  const double deviation = is_finite ? sum(deviations) : 0;
  moments.mean = mean + deviation / n;
  moments.m2 = std::max(0.0, sum(squares) - deviation * deviation / n);
  return moments;
}

}  // namespace millrace
