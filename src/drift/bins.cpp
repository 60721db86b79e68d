#include "drift/bins.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "table/format.hpp"

namespace millrace {

namespace {

std::string label_of_number(double value, ColumnType type) {
  return format_number(value, type);
}

// numpy's "sturges": widths of range / (log2(rows) + 1), of integers at least 1, then evenly divided.
std::vector<double> sturges_edges(double low, double high, double rows, bool integers) {
  if (low == high) return {low - 0.5, high + 0.5};
  double width = (high - low) / (std::log2(rows) + 1);
  if (integers) width = std::max(width, 1.0);
  const auto bins = static_cast<std::size_t>(std::ceil((high - low) / width));
  const double step = (high - low) / static_cast<double>(bins);
  std::vector<double> edges;
  for (std::size_t i = 0; i < bins; ++i) edges.push_back(low + static_cast<double>(i) * step);
  edges.push_back(high);
  return edges;
}

// What pandas keeps as integers: with a missing value they are reals.
bool are_integers(const ColumnDistribution& reference, const ColumnDistribution& current) {
  return reference.type.kind == TypeKind::kInteger && reference.missing == 0 && current.missing == 0;
}

std::vector<double> tenths_of(const NumberDistribution& reference) {
  const CumulativeRows rows(reference);
  std::vector<double> edges;
  for (int i = 1; i < 10; ++i) {
    const double edge = rows.quantile(i / 10.0);
    if (edge > (edges.empty() ? reference.points.front() : edges.back())) edges.push_back(edge);
  }
  return edges;
}

std::vector<std::string> labels_between(const std::vector<double>& edges, ColumnType type) {
  if (edges.empty()) return {"all"};
  std::vector<std::string> labels{"< " + label_of_number(edges.front(), type)};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i)
    labels.push_back(label_of_number(edges[i], type) + " … " + label_of_number(edges[i + 1], type));
  labels.push_back("≥ " + label_of_number(edges.back(), type));
  return labels;
}

std::vector<double> rows_between(const NumberDistribution& numbers, const std::vector<double>& edges) {
  const CumulativeRows cumulative(numbers);
  std::vector<double> rows;
  double before = 0;
  for (const double edge : edges) {
    const double below = cumulative.below(edge);
    rows.push_back(below - before);
    before = below;
  }
  rows.push_back(cumulative.rows() - before);
  return rows;
}

CommonBins open_bins(const ColumnDistribution& reference, const ColumnDistribution& current,
                     const std::vector<double>& edges) {
  return {{rows_between(reference.numbers, edges), rows_between(current.numbers, edges)},
          edges,
          labels_between(edges, reference.type)};
}

// From the first to the last edge, which no value is beyond.
CommonBins closed_bins(const ColumnDistribution& reference, const ColumnDistribution& current,
                       const std::vector<double>& edges) {
  return open_bins(reference, current, {edges.begin() + 1, edges.end() - 1});
}

double rows_at(const NumberDistribution& numbers, double value) {
  const auto found = std::ranges::lower_bound(numbers.points, value);
  if (found == numbers.points.end() || *found != value) return 0;
  return static_cast<double>(numbers.at[static_cast<std::size_t>(found - numbers.points.begin())]);
}

double rows_at(const LevelDistribution& levels, const std::string& level) {
  const auto found = levels.rows.find(level);
  return found == levels.rows.end() ? 0 : static_cast<double>(found->second);
}

void add_bin(CommonBins& bins, std::string label, double reference, double current) {
  bins.labels.push_back(std::move(label));
  bins.rows.reference.push_back(reference);
  bins.rows.current.push_back(current);
}

void add_other_bin(CommonBins& bins, double reference_rows, double current_rows) {
  for (const double rows : bins.rows.reference) reference_rows -= rows;
  for (const double rows : bins.rows.current) current_rows -= rows;
  if (reference_rows > 0 || current_rows > 0) add_bin(bins, "other", reference_rows, current_rows);
}

CommonBins reference_values(const ColumnDistribution& reference, const ColumnDistribution& current) {
  CommonBins bins;
  for (const double point : reference.numbers.points)
    add_bin(bins, label_of_number(point, reference.type), rows_at(reference.numbers, point),
            rows_at(current.numbers, point));
  add_other_bin(bins, static_cast<double>(reference.present()), static_cast<double>(current.present()));
  return bins;
}

CommonBins reference_levels(const ColumnDistribution& reference, const ColumnDistribution& current) {
  CommonBins bins;
  const double least = kLeastLevelShare * static_cast<double>(reference.present());
  for (const auto& [level, rows] : reference.levels.rows) {
    if (static_cast<double>(rows) >= least)
      add_bin(bins, level, static_cast<double>(rows), rows_at(current.levels, level));
  }
  add_other_bin(bins, static_cast<double>(reference.present()), static_cast<double>(current.present()));
  return bins;
}

std::vector<double> edges_over_both(const ColumnDistribution& reference, const ColumnDistribution& current,
                                    double rows) {
  const std::vector<double>& a = reference.numbers.points;
  const std::vector<double>& b = current.numbers.points;
  return sturges_edges(std::min(a.front(), b.front()), std::max(a.back(), b.back()), rows,
                       are_integers(reference, current));
}

std::vector<double> edges_over_reference(const ColumnDistribution& reference) {
  const std::vector<double>& points = reference.numbers.points;
  std::vector<double> edges =
      sturges_edges(points.front(), points.back(), static_cast<double>(reference.present()),
                    reference.type.kind == TypeKind::kInteger);
  return {edges.begin() + 1, edges.end() - 1};
}

}  // namespace

CommonBins value_bins(const ColumnDistribution& reference, const ColumnDistribution& current) {
  CommonBins bins;
  if (reference.of_levels()) {
    std::set<std::string> levels;
    for (const auto& [level, rows] : reference.levels.rows) levels.insert(level);
    for (const auto& [level, rows] : current.levels.rows) levels.insert(level);
    for (const std::string& level : levels)
      add_bin(bins, level, rows_at(reference.levels, level), rows_at(current.levels, level));
  } else {
    for (const double value : all_points(reference.numbers, current.numbers))
      add_bin(bins, label_of_number(value, reference.type), rows_at(reference.numbers, value),
              rows_at(current.numbers, value));
  }
  add_other_bin(bins, static_cast<double>(reference.present()), static_cast<double>(current.present()));
  return bins;
}

CommonBins distinct_value_bins(const ColumnDistribution& reference, const ColumnDistribution& current) {
  const auto values = static_cast<double>(all_points(reference.numbers, current.numbers).size());
  return closed_bins(reference, current, edges_over_both(reference, current, values));
}

CommonBins common_bins(const ColumnDistribution& reference, const ColumnDistribution& current,
                       const BinRule& rule) {
  const bool moves = rule.name == "evidently" && rule.edges.empty();
  if (reference.of_levels())
    return moves ? value_bins(reference, current) : reference_levels(reference, current);
  if (!rule.edges.empty()) return open_bins(reference, current, rule.edges);
  const bool few = reference.numbers.exact() && reference.numbers.distinct() <= kValueBins;
  if (few) return moves ? value_bins(reference, current) : reference_values(reference, current);
  if (rule.name == "sturges") return open_bins(reference, current, edges_over_reference(reference));
  if (!moves) return open_bins(reference, current, tenths_of(reference.numbers));
  const auto rows = static_cast<double>(reference.present() + current.present());
  return closed_bins(reference, current, edges_over_both(reference, current, rows));
}

}  // namespace millrace
