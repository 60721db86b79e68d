// Private to storage/: where the columns of a data shard or a view of shards lie in the file.
#pragma once

#include <string>

#include "storage/hdf5.hpp"
#include "table/schema.hpp"

namespace millrace {

// By their numbers, since a name may hold any character: "columns/0003".
std::string column_group(std::size_t index);

// names/NAME leads to the column's group, for people and for h5py; not where HDF5 would take the name for a
// path.
void link_names(hdf5::File& file, const Schema& schema);

}  // namespace millrace
