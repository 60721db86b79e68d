// A dataset version: the manifest that ingestion publishes and everything after it reads. Its object's digest
// is the dataset's version. Layout: docs/formats.md, "Manifest".
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/digest.hpp"
#include "base/json.hpp"
#include "statistics/column_statistics.hpp"
#include "table/schema.hpp"

namespace millrace {

struct SourceFile {
  std::string name;  // as the user would recognise it: the file's name without its folder
  std::uint64_t bytes = 0;
  Digest digest;
  std::optional<std::uint64_t> unpacked_bytes =
      {};  // of the text of a file that is not plain UTF-8; known once it has been unpacked
  std::string encoding = "utf-8";  // as data.encoding names it

  // What shards are cut from, and offsets point into.
  [[nodiscard]] std::uint64_t text_bytes() const { return unpacked_bytes.value_or(bytes); }
};

void to_json(Json& json, const SourceFile& source);
void from_json(const Json& json, SourceFile& source);

struct ShardEntry {
  Digest object;
  std::uint64_t rows = 0;
  std::uint64_t records = 0;  // with rejected ones
  std::uint32_t source = 0;   // index into sources
  std::uint64_t first_byte = 0;
};

struct RejectSummary {
  std::uint64_t count = 0;
  std::map<std::string, std::uint64_t> kinds;  // how many of each kind there were (rejects.hpp)
  Json samples = Json::array();                // the first 20: {file, line, byte, column, kind, reason, text}
  Digest table;       // a CSV object of the first 10,000 with these columns; empty where count is 0
  Digest table_hdf5;  // the same as HDF5
};

// What a numeric column's exact quantiles (min, q01, q05, q25, q50, q75, q95, q99, max) and histogram are.
struct ColumnProfile {
  ColumnStatistics statistics;
  std::vector<double> quantiles;  // at kProfileQuantiles; empty for text and for columns without values
  std::vector<std::uint64_t> histogram;  // equal-width bins between min and max
};
inline constexpr double kProfileQuantiles[] = {0, 0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99, 1};
inline constexpr std::size_t kHistogramBins = 30;

struct Dataset {
  std::string name;
  Schema schema;
  std::vector<SourceFile> sources;
  std::string delimiter;           // where it was found, not given; otherwise ""
  std::vector<ShardEntry> shards;  // in source order
  RejectSummary rejects;
  std::vector<ColumnProfile> profile;  // one a column of the schema
  std::vector<std::string>
      inference_notes;  // why a column is text: "'4o' in day-03.csv line 40211"; "" where nothing

  [[nodiscard]] std::uint64_t rows() const;
  // row_index of each shard's record 0.
  [[nodiscard]] std::vector<std::uint64_t> first_records() const;
};

void to_json(Json& json, const Dataset& dataset);
void from_json(const Json& json, Dataset& dataset);

}  // namespace millrace
