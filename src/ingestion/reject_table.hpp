// The table of rejected records that is kept beside a dataset, as CSV and as HDF5. Layout: docs/formats.md,
// "Reject table".
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace {

// Both from objects as reject_json() makes them, in their order; equal rejects give equal bytes.
std::string reject_csv(const std::vector<Json>& rejects);
// One dataset a column. Throws kResource where the file cannot be written.
void write_reject_hdf5(const std::string& path, const std::vector<Json>& rejects);

}  // namespace millrace
