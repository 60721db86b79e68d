// A version of data as CSV, in the order of its rows: RFC 4180, read back by ingestion to the same values
// where the columns' types are given and the texts for missing values are the same.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "table/column.hpp"

namespace millrace {

struct CsvStyle {
  char delimiter = ',';
  char quote = '"';
  std::string missing;  // the text that stands for a missing value
};

// A field as CsvWriter writes it.
void append_csv_field(std::string& to, std::string_view text, const CsvStyle& style);

using TextSink = std::function<void(std::string_view)>;

// Fields are quoted where they hold a delimiter, a quote or a line end, begin or end with a blank, begin as a
// byte order mark does, or are empty texts; other fields are not. A record of one empty field is written as
// two quotes, since readers skip empty lines.
class CsvWriter {
 public:
  CsvWriter(CsvStyle style, TextSink sink);

  void write_header(const Schema& schema);
  // Throws kUsage for a value that is the text for missing values itself.
  void write_rows(const Table& table);

 private:
  void append_value(const Column& column, std::size_t row, const std::string& name);
  void flush(std::size_t beyond);

  CsvStyle style_;
  TextSink sink_;
  std::string buffer_;
};

// Header and rows, one shard in memory at a time. Throws kResource for a damaged or missing shard.
void export_csv(const Workspace& workspace, const Dataset& dataset, const CsvStyle& style,
                const TextSink& sink);

}  // namespace millrace
