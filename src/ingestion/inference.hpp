// Column types from all values of the source: the narrowest type that every present value has. They are
// guessed from some rows, so that all can be parsed while what they say is found; where that is another type,
// the rows are parsed once more.
#pragma once

#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/evidence.hpp"
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

// What is the same for all blocks.
struct Reading {
  const DataConfig& config;
  const CsvDialect& dialect;
  const Layout& layout;
  const std::vector<SourceFile>& sources;
  const std::vector<std::string>& paths;  // where the sources' texts lie
  const std::vector<ShardPiece>& pieces;
};

// What the values of a block say. Local work, on any thread.
std::vector<Evidence> observe_block(const Reading& in, const BlockOfPiece& at);

// Whether some value is not of the type that `schema` has for its column. That it has none narrower is only
// known at the end.
bool refutes(const std::vector<Evidence>& evidence, const Layout& layout, const Schema& schema);

// Collective; equal on all ranks. Declared types, for other columns what the first rows of some blocks say,
// with what is known of files that are not read (`kept`, on this rank).
Schema guess_types(const Communicator& comm, const Reading& in, const std::vector<Evidence>& kept = {});

// Collective; equal on all ranks, for any number of ranks: from what all values of this rank's blocks say.
Inference infer_types(const Communicator& comm, const Reading& in, const std::vector<Evidence>& mine);

}  // namespace millrace
