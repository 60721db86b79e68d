// Column names: from each file's first record, or from the configuration.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/csv.hpp"
#include "table/schema.hpp"

namespace millrace {

struct FileHeader {
  bool found = false;              // false: the file holds no record at all
  std::vector<std::string> names;  // of its fields; unique, not empty
  std::uint64_t offset = 0;        // of the first record, which data.header makes the header
};

// Throws kDataRejected for names that are empty or stand twice, a NUL byte and a spreadsheet's "sep=" line;
// kUsage where data.names does not fit the number of fields, or the only name holds another usual delimiter.
// With a header and data.names, the names given replace those of the file.
FileHeader read_header(const ReadableFile& file, const DataConfig& config, const CsvDialect& dialect);

// Throws kDataRejected unless both files have the same columns in the same order, with what differs.
void require_same_columns(const std::string& first_file, const std::vector<std::string>& first,
                          const std::string& other_file, const std::vector<std::string>& other);

// Whether the names could be values of their columns, and some are no texts: the first record was no header.
bool looks_like_data(const Schema& schema);

}  // namespace millrace
