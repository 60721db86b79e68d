#include "ingestion/header.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/rejects.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

void check_name(const std::string& file, const CsvRecord& record, const std::string& name,
                std::size_t column) {
  if (name.empty()) {
    throw Error(Topic::kUnnamedColumn,
                "'{}' line {}: column {} has no name; name it there, or give all names in data.names", file,
                record.line, column);
  }
  if (!is_utf8(name)) {
    throw Error(Topic::kWrongEncoding,
                "'{}' line {}: the name of column {} is no UTF-8: '{}'; set data.encoding (latin-1, "
                "windows-1252)",
                file, record.line, column, printable(name, 60));
  }
}

std::vector<std::string> names_in_file(const std::string& file, const CsvRecord& record,
                                       const CsvDialect& dialect) {
  std::vector<std::string> names;
  std::map<std::string, std::size_t> seen;
  for (const std::string_view field : record.fields) {
    names.emplace_back(dialect.trim ? trim(field) : field);
    check_name(file, record, names.back(), names.size());
    const auto [first, is_new] = seen.emplace(names.back(), names.size());
    if (!is_new) {
      throw Error(Topic::kDuplicateColumn,
                  "'{}' line {}: columns {} and {} have the same name '{}'; rename one, or give all names in "
                  "data.names",
                  file, record.line, first->second, names.size(), names.back());
    }
  }
  return names;
}

// What would be read as one column of nonsense.
void require_columns(const std::string& file, const CsvRecord& record, const CsvDialect& dialect) {
  if (record.text.size() == 5 && record.text.starts_with("sep=")) {
    throw Error(
        Topic::kUnsoundHeader,
        "'{}' line {}: '{}' is a spreadsheet's note and no header; remove this line, and set data.delimiter",
        file, record.line, printable(record.text, 5));
  }
  const bool is_one_name = record.fields.size() == 1 && record.fields[0].size() == record.text.size();
  const auto other = is_one_name ? record.text.find_first_of(",;\t|") : std::string_view::npos;
  if (other == std::string_view::npos) return;
  throw Error(
      Topic::kWrongDelimiter,
      "'{}' line {} is a single column for the delimiter '{}', but holds '{}': set data.delimiter (or name "
      "the "
      "column in data.names)",
      file, record.line, printable({&dialect.delimiter, 1}, 1), printable(record.text.substr(other, 1), 1));
}

void require_text(const std::string& file, const CsvRecord& record) {
  if (record.text.find('\0') == std::string_view::npos) return;
  throw Error(
      Topic::kWrongEncoding,
      "'{}' line {}: a NUL byte in the header; if the file is UTF-16, set data.encoding (utf-16le, utf-16be)",
      file, record.line);
}

void require_names_fit(const std::string& file, const CsvRecord& record, const DataConfig& config) {
  if (config.names.empty()) {
    throw Error(Topic::kColumnNames, "data.header is false: give the {} columns' names in data.names",
                record.fields.size());
  }
  if (record.fields.size() != config.names.size()) {
    throw Error(Topic::kColumnNames,
                "'{}' line {} has {} fields, but data.names has {} (is data.delimiter right?)", file,
                record.line, record.fields.size(), config.names.size());
  }
}

}  // namespace

FileHeader read_header(const ReadableFile& file, const DataConfig& config, const CsvDialect& dialect) {
  const std::string& name = file.name();
  CsvReader reader(file, dialect, {0, file.size()}, config.block_bytes);
  CsvBatch batch;
  if (!reader.next(batch)) return {};
  const RecordPlace& first = batch.records.front();
  const CsvRecord record = batch.record(first, LineCursor(batch).line_of(first), dialect);
  if (record.fault != RecordFault::kNone) {
    throw Error(Topic::kUnsoundHeader, "'{}' line {}: the first record is unsound ({})", name, record.line,
                check_record(batch, first, first.fields, config.block_bytes)->reason);
  }
  if (config.header) require_text(name, record);
  if (config.header && config.names.empty()) {
    require_columns(name, record, dialect);
    return {true, names_in_file(name, record, dialect), record.offset};
  }
  require_names_fit(name, record, config);
  return {true, config.names, record.offset};
}

void require_same_columns(const std::string& first_file, const std::vector<std::string>& first,
                          const std::string& other_file, const std::vector<std::string>& other) {
  if (first == other) return;
  const auto without = [](const std::vector<std::string>& all, const std::vector<std::string>& known) {
    std::vector<std::string> rest;
    std::copy_if(all.begin(), all.end(), std::back_inserter(rest), [&](const auto& name) {
      return std::find(known.begin(), known.end(), name) == known.end();
    });
    return join(rest, ", ");
  };
  const std::string lacks = without(first, other);
  const std::string adds = without(other, first);
  std::string difference;
  if (!lacks.empty()) difference += fmt::format("; '{}' lacks {}", other_file, lacks);
  if (!adds.empty()) difference += fmt::format("; '{}' has {} besides", other_file, adds);
  if (difference.empty()) {
    difference = fmt::format("; the order differs: {} against {}", join(first, ", "), join(other, ", "));
  }
  throw Error(Topic::kDifferentColumns, "'{}' and '{}' have different columns{}", first_file, other_file,
              difference);
}

bool looks_like_data(const Schema& schema) {
  bool typed = false;
  for (const Field& field : schema) {
    if (field.type == ColumnType::kText) continue;
    TypeCandidates name;
    name.observe(field.name);
    if (!name.allows(field.type)) return false;
    typed = true;
  }
  return typed;
}

}  // namespace millrace
