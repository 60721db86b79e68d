// A data view: an HDF5 file that shows many data shards as one table, a virtual dataset a column. It holds no
// rows of its own. Layout: docs/formats.md, "Data view".
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "table/schema.hpp"

namespace millrace {

struct ViewShard {
  std::string path;  // as the view shall name it; where relative, from the view's own folder
  std::uint64_t rows = 0;
  std::uint64_t first_record = 0;  // row_index of its record 0
};

// The shards are not looked at. Throws kResource.
void write_data_view(const std::string& path, const Schema& schema, const std::vector<ViewShard>& shards,
                     const Json& provenance);

}  // namespace millrace
