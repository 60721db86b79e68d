#include "ingestion/csv.hpp"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "ingestion/batch_parser.hpp"
#include "ingestion/block_reader.hpp"
#include "ingestion/header.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/partitions.hpp"

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

// The columns that the file's folders make, with the types that are wanted of them.
PartitionColumns folder_columns(const std::string& path, DataConfig config, const Schema& wanted) {
  for (const Field& field : wanted) config.types[field.name] = {to_string(field.type), {}};
  return {{source_name(path)}, config};
}

// The wanted columns that are not those of the folders.
Schema columns_of_file(const Schema& wanted, const Schema& of_folders) {
  std::vector<Field> fields;
  for (const Field& field : wanted) {
    if (!of_folders.contains(field.name)) fields.push_back(field);
  }
  return Schema(std::move(fields));
}

Table in_order(Table table, const Schema& wanted) {
  Table result{wanted, {}};
  for (const Field& field : wanted) {
    result.columns.push_back(std::move(table.columns[table.schema.index_of(field.name)]));
  }
  return result;
}

Error record_error(const std::string& file, std::uint64_t line, const Problem& problem,
                   const Schema& schema) {
  const std::string column =
      problem.column ? ", column " + millrace::quoted(schema[*problem.column].name) : "";
  return Error(Topic::kRejectedRecords, "'{}' line {}{}: {}", file, line, column, problem.reason);
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

// '\0' for "".
char byte_or_none(const std::string& text, const char* key) {
  return text.empty() ? '\0' : one_byte(text, key);
}

void require_different(std::vector<char> characters) {
  std::erase(characters, '\0');
  std::ranges::sort(characters);
  if (std::ranges::adjacent_find(characters) == characters.end()) return;
  throw Error(Topic::kContradiction,
              "two of data.delimiter, data.quote, data.escape and data.comment are the same");
}

}  // namespace

CsvDialect csv_dialect(const DataConfig& config) {
  CsvDialect dialect;
  dialect.delimiter = one_byte(config.delimiter, "data.delimiter");
  dialect.quote = byte_or_none(config.quote, "data.quote");
  dialect.escape = byte_or_none(config.escape, "data.escape");
  dialect.comment = byte_or_none(config.comment, "data.comment");
  require_different({dialect.delimiter, dialect.quote, dialect.escape, dialect.comment});
  dialect.trim = config.trim;
  dialect.missing = config.missing;
  for (const auto& [column, format] : config.formats)
    dialect.formats.emplace(
        column, with_context(format.mark.str(), [&text = format.text] { return TimeFormat(text); }));
  return dialect;
}

Table read_csv_table(const std::string& path, const DataConfig& config, const Schema& wanted) {
  const ReadableFile source(path);
  std::optional<UnpackedFile> unpacked;
  if (const auto unpacker = unpacker_of(source, config.encoding))
    unpacked.emplace(source, *unpacker, folder_for_unpacking());
  const ReadableFile file(unpacked ? unpacked->path() : path, source.name());
  const std::string& name = file.name();
  const CsvDialect dialect = csv_dialect(config);
  const FileHeader header = read_header(file, config, dialect);
  if (!header.found) throw Error(Topic::kEmptyFile, "'{}' is empty", path);
  const PartitionColumns folders = folder_columns(path, config, wanted);
  const Schema of_file = columns_of_file(wanted, folders.schema());
  const auto positions = positions_of(of_file, header.names, name);
  Table table = make_table(of_file);
  BatchParser parser(table, positions, header.names.size(), config.block_bytes, dialect);
  BlockReader reader(file, {0, file.size()}, config.header ? header.offset : kNoHeader, config, dialect);
  for (CsvBatch batch; reader.next(batch);) {
    parser.append(batch);
    if (parser.problems().empty()) continue;
    const auto& [record, problem] = parser.problems().front();
    throw record_error(name, LineCursor(batch).line_of(batch.records[record]), problem, of_file);
  }
  folders.append_to(table, 0);
  return in_order(std::move(table), wanted);
}

}  // namespace millrace
