// Small tables from text, and a plan fitted as the pipeline does it, with plain quantiles.
#pragma once

#include <algorithm>
#include <initializer_list>
#include <string>
#include <vector>

#include "features/fit.hpp"
#include "statistics/quantiles.hpp"
#include "table/parse.hpp"

namespace millrace::testing {

struct TextColumn {
  std::string name;
  ColumnType type;
  std::vector<std::string> values;  // "" is missing
};

inline Column make_column(ColumnType type, const std::vector<std::string>& values) {
  Column column(type);
  if (type == ColumnType::kText) {
    TextAppender appender(column);
    for (const std::string& value : values) value.empty() ? column.append_missing() : appender.append(value);
    return column;
  }
  for (const std::string& value : values) {
    if (value.empty()) {
      column.append_missing();
    } else if (!parse_append(value, column)) {
      throw internal_error("{}", parse_failure(value, type));
    }
  }
  return column;
}

inline Table make_table_of(const std::vector<TextColumn>& columns) {
  Table table;
  std::vector<Field> fields;
  for (const TextColumn& column : columns) {
    fields.push_back({column.name, column.type});
    table.columns.push_back(make_column(column.type, column.values));
  }
  table.schema = Schema(std::move(fields));
  return table;
}

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

// Message of the Error that `body` throws, with its exit code in front; "" where it throws none.
template <class Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return fmt::format("{}: {}", static_cast<int>(error.code()), error.message());
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace millrace::testing
