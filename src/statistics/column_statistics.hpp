// Statistics of one column, mergeable over shards: counts, extremes, moments, distinct count, frequent
// values, lengths. Equal for any number of ranks when merged with merge_tree() in shard order.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "statistics/distinct.hpp"
#include "table/column.hpp"

namespace millrace {

struct ColumnStatistics {
  ColumnType type = ColumnType::kText;
  std::uint64_t rows = 0;
  std::uint64_t missing = 0;

  // Numeric columns, over present values: extremes, mean and sum of squared deviations from it (infinite
  // where that is beyond a double).
  double min = 0;
  double max = 0;
  double mean = 0;
  double m2 = 0;
  std::uint64_t zeros = 0;

  // Text columns: lengths in bytes.
  std::uint64_t min_length = 0;
  std::uint64_t max_length = 0;

  DistinctCounter distinct;

  explicit ColumnStatistics(ColumnType column_type = ColumnType::kText)
      : type(column_type), distinct(column_type) {}

  [[nodiscard]] std::uint64_t present() const { return rows - missing; }
  [[nodiscard]] double missing_share() const;
  [[nodiscard]] double variance() const;  // population: m2 / present
  [[nodiscard]] double standard_deviation() const;

  // Adds the rows where keep[i] != 0 (all rows where keep is empty). The last bits of the moments depend on
  // how the rows are cut into calls: call it once a shard.
  void add(const Column& column, std::span<const std::uint8_t> keep = {});
  void merge(const ColumnStatistics& later);  // `later` covers rows after these
};

// Merges parts in order over a fixed binary tree: the result depends on the parts alone, not on who computed
// them. No parts give the statistics of an empty text column.
ColumnStatistics merge_tree(std::vector<ColumnStatistics> parts);

void to_json(Json& json, const ColumnStatistics& statistics);
void from_json(const Json& json, ColumnStatistics& statistics);

}  // namespace millrace
