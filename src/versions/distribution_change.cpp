#include "versions/distribution_change.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <numeric>

#include "table/format.hpp"
#include "versions/describe.hpp"

namespace millrace {

namespace {

constexpr std::size_t kLevelBins = 50;    // most frequent levels that are bins of their own
constexpr std::size_t kLevelsShown = 10;  // new or vanished ones

using LevelCounts = std::map<std::string, std::uint64_t>;

std::vector<std::pair<double, double>> counted_points(const ColumnStatistics& statistics) {
  std::vector<std::pair<double, double>> points;
  double rows = 0;
  for (const auto& [value, times] : statistics.distinct.numbers()) {
    rows += static_cast<double>(times);
    points.emplace_back(value, rows / static_cast<double>(statistics.present()));
  }
  return points;
}

std::vector<std::pair<double, double>> profiled_points(const ColumnProfile& profile) {
  std::vector<std::pair<double, double>> points;
  for (std::size_t i = 0; i < profile.quantiles.size(); ++i)
    points.emplace_back(profile.quantiles[i], kProfileQuantiles[i]);
  const auto present = static_cast<double>(profile.statistics.present());
  const auto bins = static_cast<double>(profile.histogram.size());
  double rows = 0;
  for (std::size_t i = 0; i < profile.histogram.size(); ++i) {
    rows += static_cast<double>(profile.histogram[i]);
    const double border =
        std::lerp(profile.statistics.min, profile.statistics.max, (static_cast<double>(i) + 1) / bins);
    points.emplace_back(border, rows / present);
  }
  std::sort(points.begin(), points.end());
  double share = 0;
  for (auto& point : points) share = point.second = std::max(share, point.second);
  return points;
}

// Bins between the earlier version's inner quantiles, open at both ends.
std::vector<double> bin_counts(const Cumulative& values, const std::vector<double>& borders,
                               std::uint64_t rows) {
  std::vector<double> counts;
  double below = 0;
  for (const double border : borders) {
    const double up_to = values.up_to(border);
    counts.push_back((up_to - below) * static_cast<double>(rows));
    below = up_to;
  }
  counts.push_back((1 - below) * static_cast<double>(rows));
  return counts;
}

double stability_of_numbers(const ColumnProfile& before, const ColumnProfile& after) {
  std::vector<double> borders(before.quantiles.begin() + 1, before.quantiles.end() - 1);
  borders.erase(std::unique(borders.begin(), borders.end()), borders.end());
  return stability_index(bin_counts(Cumulative(before), borders, before.statistics.present()),
                         bin_counts(Cumulative(after), borders, after.statistics.present()));
}

double count_in(const LevelCounts& counts, const std::string& level) {
  const auto found = counts.find(level);
  return found == counts.end() ? 0 : static_cast<double>(found->second);
}

double sum_of(const LevelCounts& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0, [](double sum, const auto& level) {
    return sum + static_cast<double>(level.second);
  });
}

LevelCounts without(const LevelCounts& counts, const LevelCounts& others) {
  LevelCounts rest;
  for (const auto& level : counts) {
    if (!others.contains(level.first)) rest.insert(level);
  }
  return rest;
}

// Bins: the most frequent levels of before, the others of before, and those that it did not have.
double stability_of_levels(const ColumnStatistics& before, const LevelCounts& counts_before,
                           const LevelCounts& counts_after) {
  std::vector<double> bins_before;
  std::vector<double> bins_after;
  for (const auto& [level, rows] : before.distinct.most_frequent(kLevelBins)) {
    bins_before.push_back(static_cast<double>(rows));
    bins_after.push_back(count_in(counts_after, level));
  }
  const double unseen = sum_of(without(counts_after, counts_before));
  const auto rest = [](double all, const std::vector<double>& bins) {
    return all - std::accumulate(bins.begin(), bins.end(), 0.0);
  };
  bins_before.push_back(rest(sum_of(counts_before), bins_before));
  bins_after.push_back(rest(sum_of(counts_after) - unseen, bins_after));
  bins_before.push_back(0);
  bins_after.push_back(unseen);
  return stability_index(bins_before, bins_after);
}

Json levels_json(const LevelCounts& levels) {
  std::vector<std::pair<std::string, std::uint64_t>> sorted(levels.begin(), levels.end());
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  sorted.resize(std::min(sorted.size(), kLevelsShown));
  return {{"count", levels.size()}, {"rows", sum_of(levels)}, {"examples", sorted}};
}

void add_levels(Json& json, const ColumnStatistics& before, const ColumnStatistics& after) {
  if (!before.distinct.exact() || !after.distinct.exact()) return;
  const LevelCounts counts_before = before.distinct.counts();
  const LevelCounts counts_after = after.distinct.counts();
  json["new_levels"] = levels_json(without(counts_after, counts_before));
  json["vanished_levels"] = levels_json(without(counts_before, counts_after));
  json["psi"] = stability_of_levels(before, counts_before, counts_after);
}

// The same keys of both descriptions, side by side.
void add_pairs(Json& json, const Json& before, const Json& after) {
  for (const char* key : {"mean", "deviation", "min", "max"}) {
    if (before.contains(key) && after.contains(key)) json[key] = {before[key], after[key]};
  }
  const Json quantiles = before.value("quantiles", Json::object());
  for (const auto& [level, value] : quantiles.items()) {
    if (after.contains("quantiles")) json["quantiles"][level] = {value, after["quantiles"][level]};
  }
}

}  // namespace

double stability_index(std::span<const double> before, std::span<const double> after) {
  const double n = std::accumulate(before.begin(), before.end(), 0.0);
  const double m = std::accumulate(after.begin(), after.end(), 0.0);
  if (n == 0 || m == 0) return 0;
  constexpr double kHalfRow = 0.5;
  const double extra = kHalfRow * static_cast<double>(before.size());
  double index = 0;
  for (std::size_t i = 0; i < before.size(); ++i) {
    const double p = (before[i] + kHalfRow) / (n + extra);
    const double q = (after[i] + kHalfRow) / (m + extra);
    index += (q - p) * std::log(q / p);
  }
  return index;
}

Cumulative::Cumulative(const ColumnProfile& profile)
    : exact_(profile.statistics.distinct.exact()),
      points_(exact_ ? counted_points(profile.statistics) : profiled_points(profile)) {}

double Cumulative::up_to(double x) const {
  const auto above = std::upper_bound(points_.begin(), points_.end(), x,
                                      [](double value, const auto& point) { return value < point.first; });
  if (above == points_.begin()) return 0;
  const auto below = std::prev(above);
  if (exact_ || above == points_.end()) return below->second;
  const double way = (x - below->first) / (above->first - below->first);
  return std::lerp(below->second, above->second, way);
}

Json column_change(const Field& field, const ColumnProfile& before, const ColumnProfile& after) {
  Json json{{"name", field.name},
            {"type", to_string(field.type)},
            {"missing", {before.statistics.missing_share(), after.statistics.missing_share()}},
            {"distinct", {before.statistics.distinct.count(), after.statistics.distinct.count()}},
            {"psi", nullptr}};
  if (before.statistics.present() == 0 || after.statistics.present() == 0) return json;
  if (field.type == ColumnType::kText) {
    add_levels(json, before.statistics, after.statistics);
    return json;
  }
  json["psi"] = stability_of_numbers(before, after);
  add_pairs(json, describe_column(field, before, ""), describe_column(field, after, ""));
  return json;
}

}  // namespace millrace
