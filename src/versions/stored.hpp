// A version's manifest, and what its objects take on disk.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

// Throws kResource where the version is no longer kept, or is damaged.
Dataset read_dataset(const Workspace& workspace, const Digest& version);

// The object's path, once its bytes have been compared with its name. Throws kResource where it is missing or
// damaged.
std::string sound_object(const Workspace& workspace, const Digest& object);

// Its shards, each once, in the order of their first use.
std::vector<Digest> distinct_shards(const Dataset& dataset);

// Of the objects that are in place.
std::uint64_t stored_bytes(const Workspace& workspace, const std::vector<Digest>& objects);

// Rows of each source file.
std::vector<std::uint64_t> rows_by_source(const Dataset& dataset);

}  // namespace millrace
