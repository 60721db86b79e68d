#include "versions/export_csv.hpp"

#include "base/text.hpp"
#include "base/topics.hpp"
#include "storage/data_shard.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

constexpr std::size_t kExportPieceBytes = std::size_t{1} << 20U;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

bool needs_quotes(std::string_view text, const CsvStyle& style) {
  const std::string special{style.delimiter, style.quote, '\r', '\n'};
  return text.empty() || text.find_first_of(special) != std::string_view::npos || is_blank(text.front()) ||
         is_blank(text.back()) || text.starts_with(kByteOrderMark);
}

}  // namespace

void append_csv_field(std::string& to, std::string_view text, const CsvStyle& style) {
  if (!needs_quotes(text, style)) {
    to += text;
    return;
  }
  to += style.quote;
  for (const char c : text) {
    if (c == style.quote) to += c;
    to += c;
  }
  to += style.quote;
}

CsvWriter::CsvWriter(CsvStyle style, TextSink sink) : style_(std::move(style)), sink_(std::move(sink)) {}

void CsvWriter::append_value(const Column& column, std::size_t row, const std::string& name) {
  if (!column.is_valid(row)) {
    buffer_ += style_.missing;
    return;
  }
  const std::string text = format_value(column, row);
  if (text == style_.missing) {
    throw Error(
        Topic::kCommandLine,
        "column {} has the value {} itself, which would read as a missing one: choose another --missing",
        millrace::quoted(name), millrace::quoted(text));
  }
  append_csv_field(buffer_, text, style_);
}

void CsvWriter::write_header(const Schema& schema) {
  for (std::size_t i = 0; i < schema.size(); ++i) {
    if (i > 0) buffer_ += style_.delimiter;
    append_csv_field(buffer_, schema[i].name, style_);
  }
  buffer_ += '\n';
  flush(0);
}

void CsvWriter::write_rows(const Table& table) {
  for (std::size_t row = 0; row < table.rows(); ++row) {
    const std::size_t begin = buffer_.size();
    for (std::size_t i = 0; i < table.columns.size(); ++i) {
      if (i > 0) buffer_ += style_.delimiter;
      append_value(table.columns[i], row, table.schema[i].name);
    }
    if (buffer_.size() == begin) buffer_.append(2, style_.quote);
    buffer_ += '\n';
    flush(kExportPieceBytes);
  }
  flush(0);
}

void CsvWriter::flush(std::size_t beyond) {
  if (buffer_.size() <= beyond) return;
  sink_(buffer_);
  buffer_.clear();
}

void export_csv(const Workspace& workspace, const Dataset& dataset, const CsvStyle& style,
                const TextSink& sink) {
  CsvWriter writer(style, sink);
  writer.write_header(dataset.schema);
  for (const ShardEntry& shard : dataset.shards)
    writer.write_rows(read_data_shard(workspace.object_path(shard.object)).table);
}

}  // namespace millrace
