#include "statistics/column_statistics.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "base/error.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

// The chosen rows' present values as doubles; −0 becomes 0.
std::vector<double> present_numbers(const Column& column, std::span<const std::uint8_t> keep) {
  std::vector<double> values;
  values.reserve(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row) && (keep.empty() || keep[row] != 0)) values.push_back(column.number(row) + 0.0);
  }
  return values;
}

// How many of the chosen rows have each code of the dictionary.
std::vector<std::uint64_t> rows_by_code(const Column& column, std::span<const std::uint8_t> keep) {
  std::vector<std::uint64_t> rows(column.dictionary.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row) && (keep.empty() || keep[row] != 0)) {
      ++rows[static_cast<std::size_t>(column.codes[row])];
    }
  }
  return rows;
}

std::uint64_t chosen_rows(const Column& column, std::span<const std::uint8_t> keep) {
  if (keep.empty()) return column.size();
  return column.size() - static_cast<std::uint64_t>(std::ranges::count(keep, 0));
}

// A first mean, up to rounding.
double mean_of(std::span<const double> values) {
  const auto n = static_cast<double>(values.size());
  const double sum = std::accumulate(values.begin(), values.end(), 0.0);
  if (std::isfinite(sum)) return sum / n;
  return std::accumulate(values.begin(), values.end(), 0.0,
                         [n](double mean, double value) { return mean + value / n; });
}

// The corrected two-pass algorithm: T. Chan, G. Golub, R. LeVeque, "Algorithms for computing the sample
// variance", The American Statistician 37 (1983), eq. 1.7. The mean is corrected in the same way.
void set_moments(std::span<const double> values, ColumnStatistics& statistics) {
  const auto n = static_cast<double>(values.size());
  const double mean = mean_of(values);
  double deviations = 0;
  double squares = 0;
  for (const double value : values) {
    deviations += value - mean;
    squares += (value - mean) * (value - mean);
  }
  if (!std::isfinite(squares)) deviations = 0;  // beyond a double: no correction, and no NaN
  statistics.mean = mean + deviations / n;
  statistics.m2 = std::max(0.0, squares - deviations * deviations / n);
}

ColumnStatistics statistics_of_numbers(std::span<const double> values, ColumnType type) {
  ColumnStatistics statistics(type);
  statistics.rows = values.size();
  if (values.empty()) return statistics;
  const auto [min, max] = std::ranges::minmax(values);
  statistics.min = min;
  statistics.max = max;
  statistics.zeros = static_cast<std::uint64_t>(std::ranges::count(values, 0.0));
  set_moments(values, statistics);
  return statistics;
}

bool is_chosen(const Column& column, std::span<const std::uint8_t> keep, std::size_t row) {
  return column.is_valid(row) && (keep.empty() || keep[row] != 0);
}

// Ages, counts, days: where whole numbers lie closer together than there are rows, each is counted by its
// distance from the least. False, and nothing is counted, where they do not.
bool count_close_integers(const Column& column, std::span<const std::uint8_t> keep,
                          DistinctCounter& distinct) {
  if (column.integers.empty()) return false;
  const auto [least, most] = std::ranges::minmax(column.integers);  // what is missing is 0
  const std::uint64_t spread = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (spread >= column.size()) return false;
  std::vector<std::uint64_t> times(spread + 1);
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (is_chosen(column, keep, row)) ++times[static_cast<std::size_t>(column.integers[row] - least)];
  }
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] > 0) distinct.add_integer(least + static_cast<std::int64_t>(i), times[i]);
  }
  return true;
}

void count_distinct_numbers(const Column& column, std::span<const std::uint8_t> keep,
                            DistinctCounter& distinct) {
  if (count_close_integers(column, keep, distinct)) return;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!is_chosen(column, keep, row)) continue;
    if (column.type == ColumnType::kReal) {
      distinct.add_real(column.reals[row]);
    } else {
      distinct.add_integer(column.integers[row]);
    }
  }
}

ColumnStatistics statistics_of_texts(const Column& column, std::span<const std::uint8_t> keep) {
  ColumnStatistics statistics(column.type);
  const std::vector<std::uint64_t> rows = rows_by_code(column, keep);
  for (std::size_t code = 0; code < rows.size(); ++code) {
    if (rows[code] == 0) continue;
    const std::string_view text = column.dictionary[code];
    const bool first = statistics.rows == 0;
    statistics.min_length = first ? text.size() : std::min<std::uint64_t>(statistics.min_length, text.size());
    statistics.max_length = std::max<std::uint64_t>(statistics.max_length, text.size());
    statistics.rows += rows[code];
    statistics.distinct.add(text, rows[code]);
  }
  return statistics;
}

// T. Chan, G. Golub, R. LeVeque, "Updating formulae and a pairwise algorithm for computing sample variances",
// COMPSTAT 1982, eq. 2.1. Both sides have values.
void merge_moments(ColumnStatistics& a, const ColumnStatistics& b) {
  const auto of_a = static_cast<double>(a.present());
  const auto of_b = static_cast<double>(b.present());
  const double share = of_b / (of_a + of_b);
  const double difference = b.mean - a.mean;
  a.mean += b.mean * share - a.mean * share;  // unlike the difference, this cannot overflow
  a.m2 += b.m2 + difference * difference * of_a * share;
}

// JSON has no infinity, but the squares of very large values add up to it.
Json real_to_json(double value) {
  return std::isfinite(value) ? Json(value) : Json(format_real(value));
}

double real_from_json(const Json& json, const std::string& key, const std::string& what) {
  if (!json.contains(key) || !json[key].is_string()) return json_get<double>(json, key, what);
  return std::stod(json[key].get<std::string>());
}

}  // namespace

double ColumnStatistics::missing_share() const {
  return rows == 0 ? 0 : static_cast<double>(missing) / static_cast<double>(rows);
}

double ColumnStatistics::variance() const {
  return present() == 0 ? 0 : m2 / static_cast<double>(present());
}

double ColumnStatistics::standard_deviation() const {
  return std::sqrt(variance());
}

void ColumnStatistics::add(const Column& column, std::span<const std::uint8_t> keep) {
  ColumnStatistics added(column.type);
  if (is_numeric(column.type)) {
    added = statistics_of_numbers(present_numbers(column, keep), column.type);
    count_distinct_numbers(column, keep, distinct);  // straight into ours: merging tables costs more
  } else {
    added = statistics_of_texts(column, keep);
  }
  const std::uint64_t chosen = chosen_rows(column, keep);
  added.missing = chosen - added.rows;
  added.rows = chosen;
  merge(added);
}

void ColumnStatistics::merge(const ColumnStatistics& later) {
  if (type != later.type) {
    throw internal_error("statistics of type {} merged with {}", to_string(type), to_string(later.type));
  }
  distinct.merge(later.distinct);
  if (present() == 0 || later.present() == 0) {
    const ColumnStatistics& values = present() > 0 ? *this : later;
    min = values.min;
    max = values.max;
    mean = values.mean;
    m2 = values.m2;
    min_length = values.min_length;
    max_length = values.max_length;
  } else {
    merge_moments(*this, later);
    min = std::min(min, later.min);
    max = std::max(max, later.max);
    min_length = std::min(min_length, later.min_length);
    max_length = std::max(max_length, later.max_length);
  }
  zeros += later.zeros;
  rows += later.rows;
  missing += later.missing;
}

ColumnStatistics merge_tree(std::vector<ColumnStatistics> parts) {
  if (parts.empty()) return ColumnStatistics();
  for (std::size_t step = 1; step < parts.size(); step *= 2) {
    for (std::size_t i = 0; i + step < parts.size(); i += 2 * step) {
      parts[i].merge(parts[i + step]);
      parts[i + step].distinct = DistinctCounter();  // keep the peak at one copy of the counts
    }
  }
  return std::move(parts.front());
}

void to_json(Json& json, const ColumnStatistics& statistics) {
  json = {{"type", to_string(statistics.type)},
          {"rows", statistics.rows},
          {"missing", statistics.missing},
          {"distinct", statistics.distinct}};
  if (is_numeric(statistics.type)) {
    json["min"] = statistics.min;
    json["max"] = statistics.max;
    json["mean"] = statistics.mean;
    json["m2"] = real_to_json(statistics.m2);
    json["zeros"] = statistics.zeros;
  } else {
    json["min_length"] = statistics.min_length;
    json["max_length"] = statistics.max_length;
  }
}

void from_json(const Json& json, ColumnStatistics& statistics) {
  const std::string what = "column statistics";
  statistics = ColumnStatistics(parse_column_type(json_get<std::string>(json, "type", what)));
  statistics.rows = json_get<std::uint64_t>(json, "rows", what);
  statistics.missing = json_get<std::uint64_t>(json, "missing", what);
  statistics.distinct = json_get<DistinctCounter>(json, "distinct", what);
  if (is_numeric(statistics.type)) {
    statistics.min = json_get<double>(json, "min", what);
    statistics.max = json_get<double>(json, "max", what);
    statistics.mean = json_get<double>(json, "mean", what);
    statistics.m2 = real_from_json(json, "m2", what);
    statistics.zeros = json_get<std::uint64_t>(json, "zeros", what);
  } else {
    statistics.min_length = json_get<std::uint64_t>(json, "min_length", what);
    statistics.max_length = json_get<std::uint64_t>(json, "max_length", what);
  }
}

}  // namespace millrace
