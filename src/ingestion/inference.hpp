// Column types from all values of the source: the narrowest type that every present value has.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/shard_plan.hpp"
#include "table/schema.hpp"

namespace millrace {

struct Inference {
  Schema schema;
  // What is odd about a column's values, with the first that is (evidence.hpp): a text column of which at
  // least 90 % are numbers or times, or all stand in quotes; whole numbers that a real column does not hold
  // exactly.
  // "" for the others.
  std::vector<std::string> notes;
};

// Collective; equal on all ranks, for any number of ranks. One pass over the source, none where all types are
// declared.
Inference infer_types(const Communicator& comm, const DataConfig& config, const CsvDialect& dialect,
                      const Layout& layout, const std::vector<SourceFile>& sources,
                      const std::vector<std::string>& paths, std::size_t threads,
                      const std::vector<ShardPiece>& pieces);

}  // namespace millrace
