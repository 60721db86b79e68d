// CSV text → records of fields (RFC 4180 with a given delimiter and quote), with exact line numbers.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline_config.hpp"
#include "ingestion/structure/kernel.hpp"
#include "table/column.hpp"

namespace millrace {

struct CsvDialect {
  char delimiter = ',';
  char quote = '"';  // '\0': nothing is quoted
  bool trim = false;
  std::vector<std::string> missing;

  [[nodiscard]] bool has_quote() const { return quote != '\0'; }
  [[nodiscard]] CsvBytes bytes() const { return {delimiter, quote, has_quote()}; }
};
// Throws kUsage for a delimiter or quote that is not one byte, or where both are the same.
CsvDialect csv_dialect(const DataConfig& config);

// A CSV file, or one packed, as a table of the named columns with given types: for `predict` and
// tests, not for bulk ingestion. Folders KEY=VALUE above it give columns too. Columns of the file that are
// not in `wanted` are ignored. Throws kDataRejected naming file, line and column for a value that does not
// parse, kUsage for a wanted column that the file lacks.
Table read_csv_table(const std::string& path, const DataConfig& config, const Schema& wanted);

}  // namespace millrace
