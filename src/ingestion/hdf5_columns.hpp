// Rows of an HDF5 table → rows of the types that are wanted. Internal to hdf5_sources.cpp.
//
// Texts that are one of data.missing (trimmed with data.trim) are missing, and so are numbers that one of
// them is, NaN, what the attribute _FillValue names, and what a column of validity says is. A value of
// another type than the one that is wanted is taken where its text, as a CSV file would have it, is of that
// type; false and true are also 0 and 1.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "ingestion/block_loader.hpp"
#include "ingestion/csv.hpp"
#include "storage/hdf5_table.hpp"

namespace millrace {

// The type that elements have by themselves.
ColumnType natural_type(hdf5::ElementKind kind);

// One column of a block of rows.
struct BlockColumn {
  hdf5::TableColumn column;
  const hdf5::TableValues& values;
  const hdf5::TableValues* valid;  // 0 where there is no value; null: NaN and the like say so
};

// `columns` are those of the schema; `first_row`: of the block, in its table. Keeps at most `keep_rejects`
// rejects.
LoadedBlock convert_rows(const std::vector<BlockColumn>& columns, const Schema& schema, std::size_t rows,
                         std::uint64_t first_row, const CsvDialect& dialect, std::size_t keep_rejects);

}  // namespace millrace
