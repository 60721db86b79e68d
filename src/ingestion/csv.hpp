// CSV text → records of fields (RFC 4180 with given characters), with exact line numbers.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "config/pipeline_config.hpp"
#include "ingestion/structure/kernel.hpp"
#include "table/column.hpp"
#include "table/time_format.hpp"

namespace millrace {

struct CsvDialect {
  char delimiter = ',';
  char quote = '"';     // '\0': nothing is quoted
  char escape = '\0';   // '\0': none
  char comment = '\0';  // '\0': none
  bool trim = false;
  std::vector<std::string> missing;
  std::map<std::string, TimeFormat> formats;  // of columns' dates and timestamps, where they are not ISO 8601

  [[nodiscard]] bool has_quote() const { return quote != '\0'; }
  [[nodiscard]] bool has_escape() const { return escape != '\0'; }
  [[nodiscard]] bool has_comment() const { return comment != '\0'; }
  [[nodiscard]] CsvBytes bytes() const { return {delimiter, quote, has_quote(), escape, comment}; }
  // How many of the states of QuoteState, from the first on, there are.
  [[nodiscard]] std::size_t states() const {
    return has_escape() || has_comment() ? kQuoteStates : kPlainStates;
  }
};
// Throws kUsage for a character that is not one byte, where two are the same,
// and for a format that is none.
CsvDialect csv_dialect(const DataConfig& config);

// A CSV file, or one packed, as a table of the named columns with given types: for `predict` and
// tests, not for bulk ingestion. Folders KEY=VALUE above it give columns too. Columns of the file that are
// not in `wanted` are ignored. Throws kDataRejected naming file, line and column for a value that does not
// parse, kUsage for a wanted column that the file lacks.
Table read_csv_table(const std::string& path, const DataConfig& config, const Schema& wanted);

}  // namespace millrace
