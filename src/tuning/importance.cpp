#include "tuning/importance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <numeric>

namespace millrace::tuning {

namespace {

constexpr std::size_t kGroups = 4;

struct Point {
  Json value;
  double loss = 0;
};

std::vector<Point> points_of(const Parameter& parameter, const Search& search, bool larger_is_better) {
  std::vector<Point> points;
  for (const Trial& trial : search.trials()) {
    const auto value = trial.assignment.find(parameter.key());
    if (value == trial.assignment.end() || trial.results.empty()) continue;
    const auto& score = trial.results.front().score;
    const double worst = std::numeric_limits<double>::infinity();
    points.push_back({value->second, score ? (larger_is_better ? -*score : *score) : worst});
  }
  return points;
}

// Places in the order of `less`; equals share the middle of theirs.
template <class Less>
std::vector<double> ranks(const std::vector<Point>& points, Less less) {
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::stable_sort(order, [&](std::size_t a, std::size_t b) { return less(points[a], points[b]); });
  std::vector<double> places(points.size());
  for (std::size_t first = 0; first < order.size();) {
    std::size_t end = first + 1;
    while (end < order.size() && !less(points[order[first]], points[order[end]])) ++end;
    for (std::size_t i = first; i < end; ++i) places[order[i]] = static_cast<double>(first + end - 1) / 2;
    first = end;
  }
  return places;
}

// Which group each point belongs to: its choice, or its quarter of the values.
std::vector<std::size_t> groups_of(const Parameter& parameter, const std::vector<Point>& points) {
  std::vector<std::size_t> groups;
  if (parameter.is_choice()) {
    for (const Point& point : points) groups.push_back(parameter.choice_of(point.value));
    return groups;
  }
  const auto by_value = [](const Point& a, const Point& b) {
    return a.value.get<double>() < b.value.get<double>();
  };
  for (const double place : ranks(points, by_value)) {
    groups.push_back(static_cast<std::size_t>(place * kGroups / static_cast<double>(points.size())));
  }
  return groups;
}

// ω² = (between − (k − 1) · w) / (total + w), w being the mean square within groups; 0 where it is below.
double omega_squared(const std::vector<double>& values, const std::vector<std::size_t>& groups) {
  struct Sum {
    double sum = 0;
    double count = 0;
  };
  std::map<std::size_t, Sum> sums;
  for (std::size_t i = 0; i < values.size(); ++i) {
    sums[groups[i]].sum += values[i];
    sums[groups[i]].count += 1;
  }
  const auto n = static_cast<double>(values.size());
  const auto k = static_cast<double>(sums.size());
  if (k < 2 || n <= k) return 0;
  const double mean = std::accumulate(values.begin(), values.end(), 0.0) / n;
  double total = 0;
  for (const double value : values) total += (value - mean) * (value - mean);
  double between = 0;
  for (const auto& [group, sum] : sums) between += sum.count * std::pow(sum.sum / sum.count - mean, 2);
  const double within = (total - between) / (n - k);
  return total > 0 ? std::max(0.0, (between - (k - 1) * within) / (total + within)) : 0;
}

}  // namespace

std::vector<Importance> importance(const SearchSpace& space, const Search& search, bool larger_is_better) {
  std::vector<Importance> all;
  const auto by_loss = [](const Point& a, const Point& b) { return a.loss < b.loss; };
  for (const Parameter& parameter : space.parameters()) {
    const std::vector<Point> points = points_of(parameter, search, larger_is_better);
    const double share = omega_squared(ranks(points, by_loss), groups_of(parameter, points));
    all.push_back({parameter.key(), share, points.size()});
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &Importance::share);
  return all;
}

}  // namespace millrace::tuning
