// Profiles of columns as ingestion would have made them, from values.
#pragma once

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "ingestion/dataset.hpp"

namespace millrace::testing_support {

// Quantiles are the values at ceil(q n), as the nearest rank has them.
inline ColumnProfile profile_of_numbers(std::vector<double> values) {
  Column column(ColumnType::kReal);
  for (const double value : values) column.append_real(value);
  ColumnProfile profile{ColumnStatistics(ColumnType::kReal), {}, {}};
  profile.statistics.add(column);
  if (values.empty()) return profile;
  std::sort(values.begin(), values.end());
  for (const double level : kProfileQuantiles) {
    const double rank = std::ceil(level * static_cast<double>(values.size()));
    profile.quantiles.push_back(values[static_cast<std::size_t>(std::max(1.0, rank)) - 1]);
  }
  profile.histogram.resize(kHistogramBins);
  const double width = values.back() - values.front();
  for (const double value : values) {
    const double place = width == 0 ? 0 : (value - values.front()) / width * kHistogramBins;
    ++profile.histogram[std::min(kHistogramBins - 1, static_cast<std::size_t>(place))];
  }
  return profile;
}

// "" is missing.
inline ColumnProfile profile_of_texts(const std::vector<std::string>& values) {
  Column column(ColumnType::kText);
  TextAppender appender(column);
  for (const std::string& value : values) value.empty() ? column.append_missing() : appender.append(value);
  ColumnProfile profile{ColumnStatistics(ColumnType::kText), {}, {}};
  profile.statistics.add(column);
  return profile;
}

}  // namespace millrace::testing_support
