// The columns of a source and what becomes of each: checked against the configuration before any row is read.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/partitions.hpp"
#include "table/schema.hpp"

namespace millrace {

struct SourceTexts;  // source_reader.hpp
struct RowPlan;

struct SourceColumn {
  std::string name;
  std::size_t position = 0;            // among a record's fields
  std::optional<ColumnType> declared;  // by data.types; otherwise found from the values
};

inline constexpr std::uint64_t kNoHeader = std::numeric_limits<std::uint64_t>::max();

struct Layout {
  std::size_t fields = 0;                     // of each record
  std::vector<SourceColumn> columns;          // those that are kept, in the source's order
  std::vector<std::uint64_t> header_offsets;  // where each source's header stands; kNoHeader: it has none
  PartitionColumns partitions;                // those that are kept; they follow the others

  [[nodiscard]] bool all_declared() const;
  void declare(const Schema& schema);  // all types, in the columns' order
  [[nodiscard]] std::vector<std::size_t> positions() const;
};

// The columns that the files' folders make.
PartitionColumns partitions_of(const std::vector<SourceFile>& sources, const DataConfig& config);

// The columns `names` of the files and those of their folders, without data.drop, with data.types. Throws
// kUsage, with the place in the configuration and a near miss, for names that are no columns, and where no
// column is left; kDataRejected where a folder names a column that the files have.
Layout make_layout(const std::vector<std::string>& names, PartitionColumns partitions,
                   const DataConfig& config);

// The configuration for a file with the columns `names`, where sources.wanted says what is read: the others
// are dropped, and those declared. Throws kUsage for a wanted column that is neither of the file nor of its
// folders.
DataConfig narrowed(const SourceTexts& sources, const std::vector<std::string>& names,
                    const std::string& file);

// Collective: reads the header of every file (ranks share the files) and compares them. Throws kDataRejected
// where files have different columns or no file holds a record. Files without a record are named in
// plan.empty, and each file's header is its description in `plan`.
Layout find_layout(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                   const SourceTexts& sources, RowPlan& plan);

}  // namespace millrace
