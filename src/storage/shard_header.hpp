// The root attribute "millrace" by which our HDF5 files say what they are:
// {"kind": "data-shard", "format": 1, …}.
#pragma once

#include <string>

#include "base/json.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

// `fields` are kept beside kind and format.
void write_header(hdf5::File& file, const std::string& kind, int format, Json fields = Json::object());

// Throws kResource where the file is of another kind or format.
Json read_header(const hdf5::File& file, const std::string& path, const std::string& kind, int format);

}  // namespace millrace
