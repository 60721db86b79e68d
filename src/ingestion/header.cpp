#include "ingestion/header.hpp"

#include <algorithm>
#include <map>

#include "base/text.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

void check_name(const std::string& file, const CsvRecord& record, const std::string& name,
                std::size_t column) {
  if (name.empty()) {
    throw data_error("'{}' line {}: column {} has no name; name it there, or give all names in data.names",
                     file, record.line, column);
  }
  if (!is_utf8(name)) {
    throw data_error("'{}' line {}: the name of column {} is no UTF-8: '{}'", file, record.line, column,
                     printable(name, 60));
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
      throw data_error(
          "'{}' line {}: columns {} and {} have the same name '{}'; rename one, or give all names in "
          "data.names",
          file, record.line, first->second, names.size(), names.back());
    }
  }
  return names;
}

void require_names_fit(const std::string& file, const CsvRecord& record, const DataConfig& config) {
  if (config.names.empty()) {
    throw usage_error("data.header is false: give the {} columns' names in data.names", record.fields.size());
  }
  if (record.fields.size() != config.names.size()) {
    throw usage_error("'{}' line {} has {} fields, but data.names has {} (is data.delimiter right?)", file,
                      record.line, record.fields.size(), config.names.size());
  }
}

}  // namespace

FileHeader read_header(const ReadableFile& file, const DataConfig& config, const CsvDialect& dialect) {
  const std::string& name = file.name();
  CsvReader reader(file, dialect, {0, file.size()}, config.block_bytes);
  CsvRecord record;
  if (!reader.next(record)) return {};
  if (record.fault != RecordFault::kNone) {
    throw data_error("'{}' line {}: the first record is unsound ({})", name, record.line,
                     check_record(record, record.fields.size(), config.block_bytes)->reason);
  }
  if (config.header && config.names.empty())
    return {true, names_in_file(name, record, dialect), record.offset};
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
  throw data_error("'{}' and '{}' have different columns{}", first_file, other_file, difference);
}

}  // namespace millrace
