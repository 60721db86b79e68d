#include "statistics/column_statistics.hpp"

#include <algorithm>
#include <cmath>

#include "base/error.hpp"
#include "statistics/moments.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

// 1 for each chosen row whose value is present: loops over these count without a branch, which the processor
// would guess wrong where values are missing here and there.
class ChosenRows {
 public:
  ChosenRows(const Column& column, std::span<const std::uint8_t> keep) : flags_(column.valid) {
    count_ = column.size();
    if (keep.empty()) return;
    both_.resize(column.size());
    for (std::size_t row = 0; row < both_.size(); ++row) both_[row] = keep[row] != 0 ? column.valid[row] : 0;
    count_ -= static_cast<std::uint64_t>(std::ranges::count(keep, 0));
    flags_ = both_;
  }

  [[nodiscard]] std::uint64_t count() const { return count_; }  // whether present or not
  [[nodiscard]] std::size_t size() const { return flags_.size(); }
  [[nodiscard]] std::uint8_t operator[](std::size_t row) const { return flags_[row]; }

 private:
  std::vector<std::uint8_t> both_;
  std::span<const std::uint8_t> flags_;
  std::uint64_t count_ = 0;
};

// value(row) of the rows as doubles; −0 becomes 0.
template <class Value>
std::vector<double> gather(const ChosenRows& rows, const Value& value) {
  std::vector<double> values(rows.size());
  std::size_t size = 0;
  for (std::size_t row = 0; row < rows.size(); ++row) {
    values[size] = value(row) + 0.0;
    size += rows[row];
  }
  values.resize(size);
  return values;
}

std::vector<double> present_numbers(const Column& column, const ChosenRows& rows) {
  if (column.type == ColumnType::kReal) {
    return gather(rows, [&](std::size_t row) { return column.reals[row]; });
  }
  if (column.type.scale > 0) return gather(rows, [&](std::size_t row) { return column.number(row); });
  return gather(rows, [&](std::size_t row) { return static_cast<double>(column.integers[row]); });
}

// How many rows have each of the `bins` that bin(row) tells. Where bins are few, neighbours are counted apart
// from each other: a count that grows by each row would wait for itself.
template <class Bin>
std::vector<std::uint64_t> count_bins(const ChosenRows& rows, std::size_t bins, const Bin& bin) {
  const std::size_t ways = bins < 1024 ? 4 : 1;
  std::vector<std::uint64_t> counts(ways * bins);
  for (std::size_t row = 0; row < rows.size() && bins > 0; ++row) {
    counts[(row & (ways - 1)) * bins + bin(row)] += rows[row];
  }
  for (std::size_t i = bins; i < counts.size(); ++i) counts[i % bins] += counts[i];
  counts.resize(bins);
  return counts;
}

// Ages, counts, days: where whole numbers lie closer together than there are rows, each is counted by its
// distance from the least. False, and nothing is counted, where they do not.
bool count_close_integers(const Column& column, const ChosenRows& rows, DistinctCounter& distinct) {
  if (column.integers.empty()) return false;
  const auto [least, most] = std::ranges::minmax(column.integers);  // what is missing is 0
  const std::uint64_t spread = static_cast<std::uint64_t>(most) - static_cast<std::uint64_t>(least);
  if (spread >= column.size()) return false;
  const auto times = count_bins(rows, spread + 1, [&, least = least](std::size_t row) {
    return static_cast<std::size_t>(column.integers[row] - least);
  });
  for (std::size_t i = 0; i < times.size(); ++i) {
    if (times[i] > 0) distinct.add_integer(least + static_cast<std::int64_t>(i), times[i]);
  }
  return true;
}

void count_distinct_numbers(const Column& column, const ChosenRows& rows, DistinctCounter& distinct) {
  if (count_close_integers(column, rows, distinct)) return;
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (rows[row] == 0) continue;
    if (column.type == ColumnType::kReal) {
      distinct.add_real(column.reals[row]);
    } else {
      distinct.add_integer(column.integers[row]);
    }
  }
}

ColumnStatistics statistics_of_numbers(const Column& column, const ChosenRows& rows) {
  ColumnStatistics statistics(column.type);
  const std::vector<double> values = present_numbers(column, rows);
  statistics.rows = values.size();
  const Moments moments = moments_of(values);
  statistics.min = moments.min;
  statistics.max = moments.max;
  statistics.mean = moments.mean;
  statistics.m2 = moments.m2;
  statistics.zeros = moments.zeros;
  return statistics;
}

ColumnStatistics statistics_of_texts(const Column& column, const ChosenRows& rows) {
  ColumnStatistics statistics(column.type);
  const auto times = count_bins(rows, column.dictionary.size(),
                                [&](std::size_t row) { return static_cast<std::size_t>(column.codes[row]); });
  for (std::size_t code = 0; code < times.size(); ++code) {
    if (times[code] == 0) continue;
    const std::string_view text = column.dictionary[code];
    const bool first = statistics.rows == 0;
    statistics.min_length = first ? text.size() : std::min<std::uint64_t>(statistics.min_length, text.size());
    statistics.max_length = std::max<std::uint64_t>(statistics.max_length, text.size());
    statistics.rows += times[code];
    statistics.distinct.add(text, times[code]);
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
  const ChosenRows chosen(column, keep);
  ColumnStatistics added(column.type);
  if (is_numeric(column.type)) {
    added = statistics_of_numbers(column, chosen);
    count_distinct_numbers(column, chosen, distinct);  // straight into ours: merging tables costs more
  } else {
    added = statistics_of_texts(column, chosen);
  }
  added.missing = chosen.count() - added.rows;
  added.rows = chosen.count();
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
