// Partitioned folders, as Hive writes them: the rows of data/day=2026-11-23/region=eu/part-0.csv have,
// besides the file's columns, the columns day and region, whose values are the names of the folders.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline_config.hpp"
#include "table/column.hpp"

namespace millrace {

// The value of a folder whose rows have none.
inline constexpr std::string_view kMissingPartition = "__HIVE_DEFAULT_PARTITION__";

struct PartitionValue {
  std::string key;
  std::string text;
  friend bool operator==(const PartitionValue&, const PartitionValue&) = default;
};

// What a source is called by messages and in the manifest: the file's name behind the folders KEY=VALUE right
// above it ("day=2026-11-23/region=eu/part-0.csv"). The same wherever the folders lie.
std::string source_name(const std::string& path);

// What the folders of such a name say, outermost first; %XX in keys and values is decoded.
std::vector<PartitionValue> partition_values(const std::string& source_name);

// The columns that the folders make, with one value for each source.
class PartitionColumns {
 public:
  PartitionColumns() = default;
  // Types are found as those of other columns, or declared in data.types; data.missing and data.trim count.
  // Throws kDataRejected where two sources have different keys, one has a key twice or a text that is no
  // UTF-8, or a value is not of its declared type.
  PartitionColumns(const std::vector<std::string>& source_names, const DataConfig& config);

  [[nodiscard]] const Schema& schema() const { return values_.schema; }
  // 1 for each source that data.partitions keeps. Throws kUsage where that is no condition on these columns.
  [[nodiscard]] std::vector<std::uint8_t> matches(const SourceText& condition) const;
  void drop(const std::vector<std::string>& names);
  // Adds these columns to a table of rows from one source.
  void append_to(Table& table, std::size_t source) const;

 private:
  Table values_;  // a row a source
};

}  // namespace millrace
