// A version of data for users of HDF5: one file that shows all its shards as one table, and a folder that
// holds copies of them.
#pragma once

#include <string>

#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "versions/reference.hpp"

namespace millrace {

// The view at `path` names the shards relative to itself where it lies inside of the workspace, so that both
// can be moved together, and by absolute paths elsewhere. Throws kResource where a shard is missing or
// damaged: HDF5 would show rows without values, or wrong ones.
void write_view(const Workspace& workspace, const NamedVersion& named, const std::string& path);

// Makes the folder with shard-0000.h5, …, manifest.json and a view of them, NAME.h5, which needs nothing
// else. Throws kUsage where the folder is not empty, kResource for a missing or damaged shard.
void export_folder(const Workspace& workspace, const NamedVersion& named, const std::string& folder);

}  // namespace millrace
