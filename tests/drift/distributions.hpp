// Distributions from values, as a test writes them.
#pragma once

#include <map>
#include <random>
#include <string>
#include <vector>

#include "drift/column_counter.hpp"

namespace millrace {

// From a normal distribution.
inline std::vector<double> drawn(std::size_t count, unsigned seed, double mean = 0, double deviation = 1) {
  std::mt19937_64 engine(seed);
  std::normal_distribution<double> normal(mean, deviation);
  std::vector<double> values(count);
  for (double& value : values) value = normal(engine);
  return values;
}

inline NumberDistribution distribution_of(const std::vector<double>& values) {
  std::map<double, std::uint64_t> counts;
  for (const double value : values) ++counts[value];
  NumberDistribution numbers;
  for (const auto& [value, count] : counts) {
    numbers.points.push_back(value);
    numbers.at.push_back(count);
  }
  return numbers;
}

inline ColumnDistribution numbers_column(const std::vector<double>& values, std::uint64_t missing = 0,
                                         ColumnType type = ColumnType::kReal) {
  return {"x", type, values.size() + missing, missing, distribution_of(values), {}};
}

inline ColumnDistribution levels_column(const std::map<std::string, std::uint64_t>& levels,
                                        std::uint64_t missing = 0) {
  ColumnDistribution column{"x", ColumnType::kText, missing, missing, {}, {levels, 0}};
  column.rows += column.levels.total();
  return column;
}

}  // namespace millrace
