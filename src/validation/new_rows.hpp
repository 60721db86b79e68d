// Private to validation/: what a dataset has that an earlier one had not.
#pragma once

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct NewRows {
  Dataset dataset;     // with a profile of these rows alone
  bool grown = false;  // source files of the earlier dataset are left out
};

// Collective; equal on all ranks. The dataset without the source files (known by content) that `earlier` has;
// all of it where that leaves all or nothing. Reads the shards that are left, some two times, where some are
// left out; otherwise none.
NewRows new_rows(const Communicator& comm, const Dataset& dataset, const Dataset& earlier,
                 const Workspace& workspace);

}  // namespace millrace
