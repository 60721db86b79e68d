// A plan fitted as the pipeline does it, with plain quantiles.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "features/fit.hpp"
#include "statistics/quantiles.hpp"
#include "support/tables.hpp"

namespace millrace::testing {

using namespace testing_support;

inline ColumnStatistics statistics_of(const Column& column) {
  ColumnStatistics statistics(column.type);
  statistics.add(column);
  return statistics;
}

// Linear interpolation between sorted present values.
inline double plain_quantile(const Column& column, double share) {
  std::vector<double> values;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) values.push_back(column.number(row));
  }
  std::sort(values.begin(), values.end());
  const QuantilePosition at = quantile_position(share, values.size());
  return (1 - at.weight) * values[at.low] + at.weight * values[at.high];
}

inline TrainingStatistics training_statistics(const FeaturesConfig& config, const Table& table,
                                              const std::string& target) {
  TrainingStatistics statistics;
  for (const Field& field : table.schema) {
    statistics.columns.emplace(field.name, statistics_of(table[field.name]));
  }
  for (const auto& [name, shares] : quantile_needs(config, table.schema, target)) {
    if (statistics.columns.at(name).present() == 0) continue;
    for (const double share : shares) statistics.quantiles[name][share] = plain_quantile(table[name], share);
  }
  for (const FeatureStep& step : transformed_moments_needed(config, table.schema, target, statistics)) {
    statistics.transformed.emplace(step.column, statistics_of(transformed_column(step, table[step.column])));
  }
  return statistics;
}

inline TargetConfig target_config(const std::string& column) {
  TargetConfig config;
  config.column.text = column;
  return config;
}

// The plan for all columns but `target`; warnings go to `warnings` where given.
inline FeaturePlan fit(const FeaturesConfig& config, const Table& table, const std::string& target,
                       std::vector<std::string>* warnings = nullptr) {
  const TargetPlan target_plan = fit_target(target_config(target), statistics_of(table[target]));
  return fit_plan(config, target_plan, table.schema, training_statistics(config, table, target),
                  [warnings](const std::string& message) {
                    if (warnings != nullptr) warnings->push_back(message);
                  });
}

inline FeatureRows applied(const FeaturePlan& plan, const Table& table) {
  FeatureRows rows;
  plan.apply(table, rows);
  return rows;
}

}  // namespace millrace::testing
