// Private to validation/: checks of single rows, counted in one pass over the shards.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"
#include "validation/row_tests.hpp"
#include "validation/samples.hpp"

namespace millrace {

struct RowCheck {
  std::string column;
  RowTestFactory test;
  bool of_missing_rows = false;  // the test looks at all rows, not at present ones only
};

struct RowCounts {
  std::uint64_t rows = 0;  // looked at, on all ranks
  std::uint64_t unexpected = 0;
  std::vector<Sample> samples;  // this rank's first unexpected rows
};

// Collective; counts are equal on all ranks. Reads each shard once, only the columns that are checked.
std::vector<RowCounts> count_unexpected(const Communicator& comm, const Dataset& dataset,
                                        const Workspace& workspace, std::span<const RowCheck> checks);

// Collective: rows whose value occurred before, over the whole dataset, counted as unexpected. Reads the
// column once, and the shards of the first repeats again. The ranks together hold 24 bytes a row: values are
// compared by two independent 64-bit hashes, so that a false repeat is less likely than 1e-18 for 1e9 rows.
RowCounts count_repeats(const Communicator& comm, const Dataset& dataset, const Workspace& workspace,
                        const std::string& column);

// Collective: the same of whole rows, missing values being alike. Of more than 4 million rows about so many
// are looked at, chosen by their content, all copies of a row or none: at most about 100 MB on all ranks
// together. Samples show the first column's value.
RowCounts count_repeated_rows(const Communicator& comm, const Dataset& dataset, const Workspace& workspace);

}  // namespace millrace
