// Data shards: typed columns of one piece of a source, as an HDF5 file with one contiguous dataset a column.
// Layout: docs/formats.md, "Data shard". Read by h5py and h5dump as they are.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "table/column.hpp"

namespace millrace {

// A piece of a source file, parsed. `records[i]` is the position of row i among the records of the shard,
// rejected ones counted: with the records of earlier shards it gives row_index, which therefore does not
// depend on rejects.
struct DataShard {
  Table table;
  std::vector<std::uint64_t> records;
};

// Byte-identical for equal content. `provenance` is kept as an attribute. Throws kResource.
void write_data_shard(const std::string& path, const DataShard& shard, const Json& provenance);
// Only the named columns, in the order given; nothing else is read. Throws kResource: kDamagedObject, naming
// file and column, where a byte of what is read is not as it was written.
DataShard read_data_shard(const std::string& path, const std::vector<std::string>& columns);
DataShard read_data_shard(const std::string& path);

}  // namespace millrace
