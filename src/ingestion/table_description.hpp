// What is known of an HDF5 table before its rows are read: told to all ranks. Internal to hdf5_sources.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"
#include "storage/hdf5_table.hpp"
#include "table/schema.hpp"

namespace millrace {

struct TableDescription {
  std::uint64_t rows = 0;
  std::uint64_t row_bytes = 0;     // of what is read of a row
  std::vector<std::string> names;  // of the columns, without those that data.valid_suffix marks
  std::vector<ColumnType> types;   // that they have by themselves
};
void to_json(Json& json, const TableDescription& table);
void from_json(const Json& json, TableDescription& table);

// `file`: what errors call it. Throws kDataRejected for a column that is not read, unless data.drop has it.
TableDescription describe(const hdf5::Table& table, const std::string& file, const DataConfig& config);

// The types of the columns of all tables, by the files' numbers: integers in some and reals in others are
// reals. Throws kDataRejected where names, their order or types differ; types that data.types declares may
// differ.
std::vector<ColumnType> common_types(const std::map<std::size_t, TableDescription>& tables,
                                     const std::vector<SourceFile>& files, const DataConfig& config);

using TableColumns = std::vector<hdf5::TableColumn>;
std::optional<std::size_t> find_column(const TableColumns& columns, const std::string& name);
// The column that says where `name` has a value.
std::optional<std::size_t> find_valid(const TableColumns& columns, const std::string& name,
                                      const DataConfig& config);

}  // namespace millrace
