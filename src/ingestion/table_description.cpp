#include "ingestion/table_description.hpp"

#include <algorithm>

#include "base/topics.hpp"
#include "ingestion/hdf5_columns.hpp"
#include "ingestion/header.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

bool says_what_is_valid(const TableColumns& columns, const std::string& name, const DataConfig& config) {
  const std::string& suffix = config.valid_suffix;
  return !suffix.empty() && name.ends_with(suffix) &&
         find_column(columns, name.substr(0, name.size() - suffix.size()));
}

bool is_dropped(const std::string& name, const DataConfig& config) {
  return std::ranges::any_of(config.drop, [&](const SourceText& drop) { return drop.text == name; });
}

void require_readable(const std::string& file, const hdf5::TableColumn& column) {
  if (column.name.empty() || !is_utf8(column.name)) {
    throw Error(Topic::kColumnOfTable, "'{}', column '{}': its name is empty or no UTF-8; rename it", file,
                printable(column.name, 60));
  }
  if (!column.unread.empty()) {
    throw Error(Topic::kColumnOfTable,
                "'{}', column '{}': its rows hold {}, which is not read; leave it out in data.drop", file,
                column.name, column.unread);
  }
}

void require_truth(const std::string& file, const hdf5::TableColumn& column) {
  const bool is_text = column.kind == hdf5::ElementKind::kText;
  if (!is_text && column.kind != hdf5::ElementKind::kReal) return;
  throw Error(Topic::kColumnOfTable,
              "'{}', column '{}': by data.valid_suffix it says where there are values, but it holds {}", file,
              column.name, is_text ? "texts" : "reals");
}

// Integers in some files and reals in others are reals.
std::optional<ColumnType> common_type(ColumnType a, ColumnType b) {
  if (a == b) return a;
  if (is_number(a) && is_number(b)) return ColumnType::kReal;
  return std::nullopt;
}

// The types of `table` are added to those of the tables before.
void merge_types(std::vector<ColumnType>& types, const TableDescription& table, const std::string& first,
                 const std::string& file, const DataConfig& config) {
  for (std::size_t i = 0; i < types.size(); ++i) {
    if (config.types.contains(table.names[i])) continue;
    const auto common = common_type(types[i], table.types[i]);
    if (!common) {
      throw Error(
          Topic::kDifferentColumns,
          "'{}' and '{}' have different columns: '{}' is {} in one and {} in the other; declare its type in "
          "data.types",
          first, file, table.names[i], to_string(types[i]), to_string(table.types[i]));
    }
    types[i] = *common;
  }
}

}  // namespace

std::optional<std::size_t> find_column(const TableColumns& columns, const std::string& name) {
  const auto found = std::ranges::find(columns, name, &hdf5::TableColumn::name);
  if (found == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(found - columns.begin());
}

std::optional<std::size_t> find_valid(const TableColumns& columns, const std::string& name,
                                      const DataConfig& config) {
  return config.valid_suffix.empty() ? std::nullopt : find_column(columns, name + config.valid_suffix);
}

void to_json(Json& json, const TableDescription& table) {
  json = {table.rows, table.row_bytes, table.names, table.types};
}
void from_json(const Json& json, TableDescription& table) {
  table = {json[0], json[1], json[2], json[3]};
}

TableDescription describe(const hdf5::Table& table, const std::string& file, const DataConfig& config) {
  TableDescription told;
  told.rows = table.rows();
  for (const hdf5::TableColumn& column : table.columns()) {
    if (!is_dropped(column.name, config)) {
      require_readable(file, column);
      told.row_bytes += column.bytes;
    }
    if (says_what_is_valid(table.columns(), column.name, config)) {
      require_truth(file, column);
      continue;
    }
    told.names.push_back(column.name);
    told.types.push_back(natural_type(column.kind));
  }
  return told;
}

std::vector<ColumnType> common_types(const std::map<std::size_t, TableDescription>& tables,
                                     const std::vector<SourceFile>& files, const DataConfig& config) {
  const auto& [number, first] = *tables.begin();
  std::vector<ColumnType> types = first.types;
  for (const auto& [other, table] : tables) {
    require_same_columns(files[number].name, first.names, files[other].name, table.names);
    merge_types(types, table, files[number].name, files[other].name, config);
  }
  return types;
}

}  // namespace millrace
