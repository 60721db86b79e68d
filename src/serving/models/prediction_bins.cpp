#include "serving/models/prediction_bins.hpp"

#include <algorithm>
#include <numeric>

namespace millrace {

namespace {

constexpr std::size_t kBins = 10;

std::vector<double> default_borders(Task task) {
  if (task == Task::kRegression) return {0};
  std::vector<double> borders(kBins - 1);
  for (std::size_t i = 0; i < borders.size(); ++i) borders[i] = static_cast<double>(i + 1) / kBins;
  return borders;
}

// Normalised to sum to 1; nothing where there are no rows.
std::vector<double> shares_of(std::vector<double> counts) {
  const double total = std::accumulate(counts.begin(), counts.end(), 0.0);
  if (total <= 0) return {};
  for (double& count : counts) count /= total;
  return counts;
}

const Json* column_named(const Json& profile, std::string_view name) {
  if (!profile.is_object() || !profile.contains("columns")) return nullptr;
  for (const Json& column : profile.at("columns")) {
    if (column.value("name", "") == name) return &column;
  }
  return nullptr;
}

}  // namespace

PredictionBins::PredictionBins(Task task, std::size_t outputs, const Json& profile)
    : of_classes_(task == Task::kMulticlass) {
  if (of_classes_) {
    for (std::size_t i = 0; i + 1 < outputs; ++i) borders_.push_back(static_cast<double>(i) + 0.5);
    std::vector<std::string> names;
    for (std::size_t i = 0; i < outputs && profile.is_object(); ++i)
      names.push_back(profile.at("columns").at(i).at("name"));
    if (const Json* column = column_named(profile, "class")) take_classes(*column, names);
  } else {
    borders_ = default_borders(task);
    // The first column is the one that predictions are numbers of.
    if (profile.is_object() && !profile.at("columns").empty()) take_numbers(profile.at("columns").at(0));
  }
  count_ = borders_.size() + 1;
}

// The profile's bins lie between 21 quantiles: every second of them is a decile.
void PredictionBins::take_numbers(const Json& column) {
  if (!column.contains("bins")) return;
  const auto edges = column.at("bins").at("edges").get<std::vector<double>>();
  const auto rows = column.at("bins").at("rows").get<std::vector<double>>();
  if (edges.size() < 2 || rows.size() + 1 != edges.size()) return;
  const std::size_t step = std::max<std::size_t>(1, rows.size() / kBins);
  std::vector<double> borders;
  std::vector<double> counts;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (i % step == 0) counts.push_back(0);
    counts.back() += rows[i];
    if ((i + 1) % step == 0 && i + 1 < rows.size()) borders.push_back(edges[i + 1]);
  }
  if (counts.size() != borders.size() + 1) return;
  borders_ = std::move(borders);
  reference_ = shares_of(std::move(counts));
}

void PredictionBins::take_classes(const Json& column, const std::vector<std::string>& names) {
  if (!column.contains("levels")) return;
  std::vector<double> counts(names.size(), 0.0);
  for (const Json& level : column.at("levels")) {
    const auto found = std::find(names.begin(), names.end(), level.value("value", ""));
    if (found != names.end())
      counts[static_cast<std::size_t>(found - names.begin())] += level.value("rows", 0.0);
  }
  reference_ = shares_of(std::move(counts));
}

std::size_t PredictionBins::bin_of(std::span<const float> row) const {
  if (of_classes_) return static_cast<std::size_t>(std::ranges::max_element(row) - row.begin());
  const auto border = std::lower_bound(borders_.begin(), borders_.end(), static_cast<double>(row[0]));
  return static_cast<std::size_t>(border - borders_.begin());
}

}  // namespace millrace
