#include "deployment/figures.hpp"

#include <cmath>
#include <limits>

namespace millrace {

double share_of(std::uint64_t part, std::uint64_t whole) {
  return whole == 0 ? 0 : static_cast<double>(part) / static_cast<double>(whole);
}

// The tail's terms fall off at least geometrically above the mean, so few of them count.
bool is_surely_above(std::uint64_t part, std::uint64_t whole, double allowed) {
  constexpr double kChance = 1e-4;
  if (allowed >= 1 || share_of(part, whole) <= allowed) return false;
  if (allowed <= 0) return true;
  const auto n = static_cast<double>(whole);
  auto k = static_cast<double>(part);
  double term = std::exp(std::lgamma(n + 1) - std::lgamma(k + 1) - std::lgamma(n - k + 1) +
                         k * std::log(allowed) + (n - k) * std::log1p(-allowed));
  double tail = 0;
  for (; k <= n && term > kChance * 1e-6; ++k) {
    tail += term;
    term *= (n - k) / (k + 1) * allowed / (1 - allowed);
  }
  return tail < kChance;
}

double quantile_at_most(const Histogram& histogram, double quantile) {
  const std::uint64_t total = histogram.total();
  if (total == 0) return 0;
  const auto rank = static_cast<std::uint64_t>(std::ceil(quantile * static_cast<double>(total)));
  std::uint64_t reached = 0;
  for (std::size_t i = 0; i < histogram.borders.size(); ++i) {
    reached += histogram.counts[i];
    if (reached >= rank) return histogram.borders[i];
  }
  return std::numeric_limits<double>::infinity();
}

std::uint64_t count_surely_above(const Histogram& histogram, double limit) {
  std::uint64_t above = 0;
  for (std::size_t i = 1; i < histogram.counts.size(); ++i)
    if (histogram.borders[i - 1] >= limit) above += histogram.counts[i];
  return above;
}

Drift drift_between(const Histogram& one, const Histogram& other) {
  if (one.borders != other.borders || one.total() == 0 || other.total() == 0) return {};
  const auto n = static_cast<double>(one.total());
  const auto m = static_cast<double>(other.total());
  double bins = 0;
  for (std::size_t i = 0; i < one.counts.size(); ++i) bins += one.counts[i] + other.counts[i] > 0 ? 1 : 0;
  Drift drift;
  for (std::size_t i = 0; i < one.counts.size(); ++i) {
    if (one.counts[i] + other.counts[i] == 0) continue;
    const double p = (static_cast<double>(one.counts[i]) + 0.5) / (n + 0.5 * bins);
    const double q = (static_cast<double>(other.counts[i]) + 0.5) / (m + 0.5 * bins);
    drift.index += (p - q) * std::log(p / q);
  }
  drift.by_chance = (bins - 1) * (1 / n + 1 / m);
  drift.deviation = std::sqrt(2 * (bins - 1)) * (1 / n + 1 / m);
  return drift;
}

}  // namespace millrace
