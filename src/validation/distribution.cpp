#include "validation/distribution.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

namespace millrace {

namespace {

double rarity_exponent() {
  static const double kExponent = -std::log(kRarity);
  return kExponent;
}

double reciprocals(double n, double m) {
  return 1 / n + 1 / m;
}

std::vector<std::pair<double, double>> exact_points(const DistinctCounter& values, double present) {
  std::vector<std::pair<double, double>> points;
  std::uint64_t rows = 0;
  for (const auto& [value, times] : values.numbers()) {
    rows += times;
    points.emplace_back(value, static_cast<double>(rows) / present);
  }
  return points;
}

std::vector<std::pair<double, double>> quantile_points(const std::vector<double>& quantiles) {
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < quantiles.size(); ++i) points.emplace_back(quantiles[i], kProfileQuantiles[i]);
  return points;
}

double total(const LevelCounts& counts) {
  double sum = 0;
  for (const auto& [level, times] : counts) sum += static_cast<double>(times);
  return sum;
}

double times_of(const LevelCounts& counts, const std::string& level) {
  const auto found = counts.find(level);
  return found == counts.end() ? 0 : static_cast<double>(found->second);
}

std::vector<std::string> all_levels(const LevelCounts& before, const LevelCounts& now) {
  LevelCounts all = before;
  all.insert(now.begin(), now.end());
  std::vector<std::string> levels;
  for (const auto& [level, times] : all) levels.push_back(level);
  return levels;
}

}  // namespace

double share_allowance(double p, double n, double m) {
  const double exponent = rarity_exponent() + std::log(2);
  return std::sqrt(2 * p * (1 - p) * reciprocals(n, m) * exponent) + exponent / (3 * std::min(n, m));
}

double distance_allowance(double n, double m) {
  return std::sqrt(0.5 * (rarity_exponent() + std::log(2)) * reciprocals(n, m));
}

double rows_beyond_allowance(double n, double m) {
  return rarity_exponent() / std::log1p(n / m);
}

NumberDistribution::NumberDistribution(const ColumnProfile& profile)
    : median_(profile.quantiles.at(std::size(kProfileQuantiles) / 2)),
      exact_(profile.statistics.distinct.exact()) {
  points_ = exact_
                ? exact_points(profile.statistics.distinct, static_cast<double>(profile.statistics.present()))
                : quantile_points(profile.quantiles);
}

double NumberDistribution::least_up_to(double x) const {
  const auto after = std::ranges::upper_bound(points_, x, {}, &std::pair<double, double>::first);
  return after == points_.begin() ? 0 : std::prev(after)->second;
}

double NumberDistribution::most_up_to(double x) const {
  if (exact_) return least_up_to(x);
  const auto after = std::ranges::upper_bound(points_, x, {}, &std::pair<double, double>::first);
  return after == points_.end() ? 1 : after->second;
}

double NumberDistribution::least_below(double x) const {
  const auto from = std::ranges::lower_bound(points_, x, {}, &std::pair<double, double>::first);
  return from == points_.begin() ? 0 : std::prev(from)->second;
}

// By how much this function lies above the other one, at most: at one of its own values, where it rises.
double NumberDistribution::largest_excess(const NumberDistribution& other) const {
  double largest = 0;
  for (const auto& [value, share] : points_) largest = std::max(largest, share - other.most_up_to(value));
  return largest;
}

double NumberDistribution::distance(const NumberDistribution& other) const {
  return std::max(largest_excess(other), other.largest_excess(*this));
}

LevelShift level_shift(const LevelCounts& before, const LevelCounts& now) {
  const double n = total(before);
  const double m = total(now);
  const double reciprocal = reciprocals(n, m);
  LevelShift shift;
  double largest = -1;
  for (const std::string& level : all_levels(before, now)) {
    const double earlier = times_of(before, level) / n;
    const double today = times_of(now, level) / m;
    const double pooled = (earlier * n + today * m) / (n + m);
    const double change = std::abs(today - earlier);
    shift.distance += change / 2;
    shift.allowance += std::sqrt(pooled * (1 - pooled) * reciprocal) / 2;
    if (change > largest) {
      largest = change;
      shift.level = level;
      shift.before = earlier;
      shift.now = today;
    }
  }
  shift.allowance += std::sqrt(0.5 * rarity_exponent() * reciprocal);
  return shift;
}

UnseenLevels unseen_levels(const LevelCounts& before, const LevelCounts& now) {
  UnseenLevels unseen;
  double rows = 0;
  std::uint64_t most = 0;
  for (const auto& [level, times] : now) {
    if (before.contains(level)) continue;
    rows += static_cast<double>(times);
    if (times <= most) continue;
    most = times;
    unseen.most_frequent = level;
  }
  const auto once = std::ranges::count(before, 1U, &LevelCounts::value_type::second);
  unseen.share = rows / total(now);
  unseen.expected = static_cast<double>(once) / total(before);
  return unseen;
}

}  // namespace millrace
