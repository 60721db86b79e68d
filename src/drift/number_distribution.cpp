#include "drift/number_distribution.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

namespace millrace {

namespace {

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), std::uint64_t{0});
}

// Sum over all rows of take(value), at the middle of a gap for what lies in it.
template <class Take>
double sum_over_rows(const NumberDistribution& numbers, Take&& take) {
  double sum = 0;
  for (std::size_t i = 0; i < numbers.points.size(); ++i) {
    if (numbers.at[i] > 0) sum += static_cast<double>(numbers.at[i]) * take(numbers.points[i], 0.0);
    if (i >= numbers.between.size() || numbers.between[i] == 0) continue;
    const double width = numbers.points[i + 1] - numbers.points[i];
    sum += static_cast<double>(numbers.between[i]) * take(numbers.points[i] + width / 2, width);
  }
  return sum;
}

}  // namespace

std::uint64_t NumberDistribution::rows() const {
  return sum_of(at) + sum_of(between);
}

std::size_t NumberDistribution::distinct() const {
  return static_cast<std::size_t>(std::ranges::count_if(at, [](std::uint64_t n) { return n > 0; }));
}

double NumberDistribution::mean() const {
  return sum_over_rows(*this, [](double value, double) { return value; }) / static_cast<double>(rows());
}

double NumberDistribution::deviation() const {
  const double center = mean();
  const double squares = sum_over_rows(*this, [&](double value, double width) {
    return (value - center) * (value - center) + width * width / 12;  // of an even spread
  });
  return std::sqrt(squares / static_cast<double>(rows()));
}

CumulativeRows::CumulativeRows(const NumberDistribution& numbers) : numbers_(numbers) {
  std::uint64_t rows = 0;
  below_.reserve(numbers.points.size());
  for (std::size_t i = 0; i < numbers.points.size(); ++i) {
    below_.push_back(static_cast<double>(rows));
    rows += numbers.at[i];
    if (i < numbers.between.size()) rows += numbers.between[i];
  }
  total_ = static_cast<double>(rows);
}

double CumulativeRows::within_gap(std::size_t above, double value) const {
  const std::size_t i = above - 1;
  const double before = below_[i] + static_cast<double>(numbers_.at[i]);
  if (numbers_.exact()) return before;
  const double share = (value - numbers_.points[i]) / (numbers_.points[above] - numbers_.points[i]);
  return before + share * static_cast<double>(numbers_.between[i]);
}

double CumulativeRows::below(double value) const {
  const auto found = std::ranges::lower_bound(numbers_.points, value);
  const auto i = static_cast<std::size_t>(found - numbers_.points.begin());
  if (found == numbers_.points.end()) return total_;
  if (*found == value || i == 0) return below_[i];
  return within_gap(i, value);
}

double CumulativeRows::up_to(double value) const {
  const auto found = std::ranges::lower_bound(numbers_.points, value);
  if (found == numbers_.points.end() || *found != value) return below(value);
  const auto i = static_cast<std::size_t>(found - numbers_.points.begin());
  return below_[i] + static_cast<double>(numbers_.at[i]);
}

double CumulativeRows::quantile(double q) const {
  const double wanted = q * total_;
  const auto above = std::ranges::lower_bound(below_, wanted);
  const auto i = static_cast<std::size_t>(above - below_.begin()) - 1;
  const double left = wanted - below_[i] - static_cast<double>(numbers_.at[i]);
  if (left <= 0 || i + 1 == numbers_.points.size() || numbers_.exact()) return numbers_.points[i];
  const double share = left / static_cast<double>(numbers_.between[i]);
  return numbers_.points[i] + share * (numbers_.points[i + 1] - numbers_.points[i]);
}

NumberDistribution compacted(const NumberDistribution& numbers, std::size_t gaps) {
  if (numbers.points.size() <= gaps + 1) return numbers;
  const CumulativeRows rows(numbers);
  NumberDistribution small;
  small.points.push_back(numbers.points.front());
  for (std::size_t i = 1; i <= gaps; ++i) {
    const double point = rows.quantile(static_cast<double>(i) / static_cast<double>(gaps));
    if (point > small.points.back()) small.points.push_back(point);
  }
  for (std::size_t i = 0; i < small.points.size(); ++i) {
    const double point = small.points[i];
    small.at.push_back(static_cast<std::uint64_t>(rows.up_to(point) - rows.below(point)));
    if (i > 0)
      small.between.push_back(
          static_cast<std::uint64_t>(rows.below(point) - rows.up_to(small.points[i - 1])));
  }
  return small;
}

std::vector<double> all_points(const NumberDistribution& a, const NumberDistribution& b) {
  std::vector<double> points;
  points.reserve(a.points.size() + b.points.size());
  std::ranges::set_union(a.points, b.points, std::back_inserter(points));
  return points;
}

}  // namespace millrace
