#include "validation/predictive_power.hpp"

#include <algorithm>
#include <cmath>
#include <span>
#include <tuple>

namespace millrace {

namespace {

using Rows = std::span<Observation>;

// Σ (y − mean)².
double deviation_of_numbers(Rows rows) {
  const auto n = static_cast<double>(rows.size());
  double mean = 0;
  for (const Observation& row : rows) mean += row.target / n;
  double sum = 0;
  for (const Observation& row : rows) sum += (row.target - mean) * (row.target - mean);
  return sum;
}

// The same over the indicators of all classes: n − Σ nₖ² / n. Sorts the rows by class.
double deviation_of_classes(Rows rows) {
  std::ranges::sort(rows, {}, &Observation::target);
  double squares = 0;
  for (auto first = rows.begin(); first != rows.end();) {
    const auto last =
        std::upper_bound(first, rows.end(), first->target,
                         [](double value, const Observation& row) { return value < row.target; });
    const auto count = static_cast<double>(last - first);
    squares += count * count;
    first = last;
  }
  const auto n = static_cast<double>(rows.size());
  return n - squares / n;
}

// Of rows predicted by the others of their block: leaving a row out stretches its distance from the mean by
// n / (n − 1).
double left_out_deviation(Rows rows, TargetKind kind) {
  const auto n = static_cast<double>(rows.size());
  const double stretch = n / (n - 1);
  return stretch * stretch *
         (kind == TargetKind::kClass ? deviation_of_classes(rows) : deviation_of_numbers(rows));
}

// Rows of equal keys; numbers' groups are joined with the next ones up to so many rows, missing values apart.
std::size_t block_end(Rows rows, std::size_t first, std::size_t least_rows) {
  std::size_t last = first;
  do {
    const std::uint64_t key = rows[last].key;
    while (last < rows.size() && rows[last].key == key) ++last;
    if (key == kMissingKey) break;
  } while (last < rows.size() && last - first < least_rows);
  return last;
}

// Blocks of numbers are large enough for a mean, and so many that the one where a target jumps is few of the
// rows.
std::size_t least_block_rows(std::size_t rows, KeyOrder order) {
  return order == KeyOrder::kNone ? 1 : std::clamp<std::size_t>(rows / 64, 2, 32);
}

}  // namespace

double predictive_power(std::vector<Observation> rows, KeyOrder order, TargetKind kind) {
  if (rows.size() < 2) return 0;
  // By target as well: sums of numbers do not depend on the order of the rows.
  std::ranges::sort(rows, {}, [](const Observation& row) { return std::tie(row.key, row.target); });
  const std::size_t least_rows = least_block_rows(rows.size(), order);
  std::vector<Observation> all = rows;
  std::ranges::sort(all, {}, &Observation::target);
  if (all.front().target == all.back().target) return 0;
  const double total = left_out_deviation(all, kind);
  if (!std::isfinite(total)) return 0;                            // squares beyond a double say nothing
  const double alone = total / static_cast<double>(rows.size());  // what is not explained of a row alone
  double unexplained = 0;
  for (std::size_t first = 0; first < rows.size();) {
    const std::size_t last = block_end(rows, first, least_rows);
    unexplained +=
        last - first == 1 ? alone : left_out_deviation(Rows(rows).subspan(first, last - first), kind);
    first = last;
  }
  return std::max(0.0, 1 - unexplained / total);
}

}  // namespace millrace
