#include "ingestion/csv.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/header.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/partitions.hpp"
#include "ingestion/row_appender.hpp"

namespace millrace {

namespace {

// Where each wanted column stands among the file's. Throws kUsage for one that the file lacks.
std::vector<std::size_t> positions_of(const Schema& wanted, const std::vector<std::string>& names,
                                      const std::string& file) {
  std::vector<std::size_t> positions;
  for (const Field& field : wanted) {
    const auto found = std::find(names.begin(), names.end(), field.name);
    if (found == names.end()) {
      throw Error(Topic::kMissingColumn, "'{}' has no column '{}'{}; it has: {}", file, field.name,
                  suggestion(field.name, names), join(names, ", "));
    }
    positions.push_back(static_cast<std::size_t>(found - names.begin()));
  }
  return positions;
}

// The columns of the file, and of its folders.
std::vector<std::string> with_keys(std::vector<std::string> names,
                                   const std::vector<PartitionValue>& partitions) {
  for (const PartitionValue& value : partitions) names.push_back(value.key);
  return names;
}

Error record_error(const std::string& file, const CsvRecord& record, const Problem& problem,
                   const Schema& schema) {
  const std::string column =
      problem.column ? ", column " + millrace::quoted(schema[*problem.column].name) : "";
  return Error(Topic::kRejectedRecords, "'{}' line {}{}: {}", file, record.line, column, problem.reason);
}

std::string folder_for_unpacking() {
  std::error_code error;
  const std::filesystem::path folder = std::filesystem::temp_directory_path(error);
  if (error) throw resource_error("there is no folder for temporary files: {}; set TMPDIR", error.message());
  return folder.string();
}

char one_byte(const std::string& text, const char* key) {
  if (text.size() == 1 && !is_line_break(text[0]) && text[0] != '\0') return text[0];
  throw Error(Topic::kWrongValue, "{} must be one ASCII character, not {}", key, millrace::quoted(text));
}

}  // namespace

CsvDialect csv_dialect(const DataConfig& config) {
  CsvDialect dialect;
  dialect.delimiter = one_byte(config.delimiter, "data.delimiter");
  dialect.quote = config.quote.empty() ? '\0' : one_byte(config.quote, "data.quote");
  if (dialect.delimiter == dialect.quote)
    throw Error(Topic::kContradiction, "data.delimiter and data.quote are the same");
  dialect.trim = config.trim;
  dialect.missing = config.missing;
  return dialect;
}

Table read_csv_table(const std::string& path, const DataConfig& config, const Schema& wanted) {
  const ReadableFile source(path);
  std::optional<UnpackedFile> unpacked;
  if (const auto unpacker = unpacker_of(source)) unpacked.emplace(source, *unpacker, folder_for_unpacking());
  const ReadableFile file(unpacked ? unpacked->path() : path, source.name());
  const std::string& name = file.name();
  CsvDialect dialect = csv_dialect(config);
  const FileHeader header = read_header(file, config, dialect);
  if (!header.found) throw Error(Topic::kEmptyFile, "'{}' is empty", path);
  const std::vector<PartitionValue> partitions = partition_values(source_name(path));
  if (!partitions.empty()) dialect.missing.emplace_back(kMissingPartition);
  const auto positions = positions_of(wanted, with_keys(header.names, partitions), name);
  Table table = make_table(wanted);
  RowAppender rows(table, positions, dialect);
  CsvReader reader(file, dialect, {0, file.size()}, config.block_bytes);
  CsvRecord record;
  if (config.header) reader.next(record);
  while (reader.next(record)) {
    auto problem = check_record(record, header.names.size(), config.block_bytes);
    for (const PartitionValue& value : partitions) record.fields.emplace_back(value.text);
    if (!problem) problem = rows.append(record.fields);
    if (problem) throw record_error(name, record, *problem, wanted);
  }
  return table;
}

}  // namespace millrace
