#include <algorithm>
#include <bit>
#include <cmath>

#include "drift/column_counter.hpp"

namespace millrace {

namespace {

// Beyond an end of the reference: eighths of its deviation, doubled up to 2^40 of them.
constexpr int kFirstTail = -3;
constexpr int kLastTail = 40;

double unit_of_tails(const NumberDistribution& reference) {
  const double deviation = reference.deviation();
  const double largest = std::max(std::abs(reference.points.front()), std::abs(reference.points.back()));
  return std::max(deviation, 1e-9 * std::max(largest, 1.0));
}

void sort_once(std::vector<double>& points) {
  std::ranges::sort(points);
  points.erase(std::unique(points.begin(), points.end()), points.end());
}

}  // namespace

NumberGrid::NumberGrid(const NumberDistribution& reference) : points(reference.points) {
  if (points.empty()) return;
  const double unit = unit_of_tails(reference);
  const double low = points.front();
  const double high = points.back();
  for (int power = kFirstTail; power <= kLastTail; ++power) {
    for (const double point : {low - std::ldexp(unit, power), high + std::ldexp(unit, power)}) {
      if (std::isfinite(point)) points.push_back(point);
    }
  }
  sort_once(points);
}

NumberCounter::NumberCounter(std::shared_ptr<const NumberGrid> grid, std::size_t limit)
    : grid_(std::move(grid)), limit_(limit) {
  if (limit_ == 0) change_to_grid();
}

void NumberCounter::add(double value, std::uint64_t times) {
  if (value == 0) value = 0;  // −0
  if (in_grid()) return add_to_grid(value, times);
  kept_.add(std::bit_cast<std::uint64_t>(value), times);
  if (kept_.size() > limit_) change_to_grid();
}

void NumberCounter::add_to_grid(double value, std::uint64_t times) {
  min_ = std::min(min_, value);
  max_ = std::max(max_, value);
  const std::vector<double>& points = grid_->points;
  const auto i = static_cast<std::size_t>(std::ranges::lower_bound(points, value) - points.begin());
  (i < points.size() && points[i] == value ? at_ : between_)[i] += times;
}

// `between_` has one entry more than there are points: below each, and beyond the last.
void NumberCounter::change_to_grid() {
  at_.resize(grid_->points.size() + 1);  // one more, so that it is never empty
  between_.resize(grid_->points.size() + 1);
  kept_.for_each(
      [&](std::uint64_t bits, std::uint64_t times) { add_to_grid(std::bit_cast<double>(bits), times); });
  kept_ = {};
}

void NumberCounter::merge(const NumberCounter& other) {
  if (!other.in_grid())
    return other.kept_.for_each(
        [&](std::uint64_t bits, std::uint64_t times) { add(std::bit_cast<double>(bits), times); });
  if (!in_grid()) change_to_grid();
  for (std::size_t i = 0; i < at_.size(); ++i) {
    at_[i] += other.at_[i];
    between_[i] += other.between_[i];
  }
  min_ = std::min(min_, other.min_);
  max_ = std::max(max_, other.max_);
}

NumberDistribution NumberCounter::distribution() const {
  return in_grid() ? gridded() : kept();
}

NumberDistribution NumberCounter::kept() const {
  std::vector<std::pair<double, std::uint64_t>> values;
  values.reserve(kept_.size());
  kept_.for_each([&](std::uint64_t bits, std::uint64_t times) {
    values.emplace_back(std::bit_cast<double>(bits), times);
  });
  std::ranges::sort(values);
  NumberDistribution numbers;
  for (const auto& [value, times] : values) {
    numbers.points.push_back(value);
    numbers.at.push_back(times);
  }
  return numbers;
}

// The grid's points between the least and the largest value, and these two.
NumberDistribution NumberCounter::gridded() const {
  NumberDistribution numbers;
  if (!(min_ <= max_)) return numbers;
  const std::vector<double>& points = grid_->points;
  const auto add_point = [&](double point, std::uint64_t at, std::uint64_t before) {
    if (!numbers.points.empty()) numbers.between.push_back(before);
    numbers.points.push_back(point);
    numbers.at.push_back(at);
  };
  const auto first = static_cast<std::size_t>(std::ranges::lower_bound(points, min_) - points.begin());
  const auto last = static_cast<std::size_t>(std::ranges::upper_bound(points, max_) - points.begin());
  if (first == points.size() || points[first] != min_) add_point(min_, 0, 0);
  for (std::size_t i = first; i < last; ++i) add_point(points[i], at_[i], between_[i]);
  if (numbers.points.back() != max_) add_point(max_, 0, between_[last]);
  if (numbers.between.empty()) numbers.at.front() += between_[first];  // one value, off the grid
  return numbers;
}

Json NumberCounter::state() const {
  if (!in_grid()) {
    const NumberDistribution numbers = kept();
    return {numbers.points, numbers.at};
  }
  return {at_, between_, min_, max_};
}

void NumberCounter::merge_state(const Json& state) {
  if (state.size() == 2) {
    for (std::size_t i = 0; i < state[0].size(); ++i)
      add(state[0][i].get<double>(), state[1][i].get<std::uint64_t>());
    return;
  }
  NumberCounter other(grid_, 0);
  state.at(0).get_to(other.at_);
  state.at(1).get_to(other.between_);
  state.at(2).get_to(other.min_);
  state.at(3).get_to(other.max_);
  merge(other);
}

}  // namespace millrace
