// How the values of columns are distributed, in so few numbers that they go into an artifact: what later data
// is compared with. Layout: docs/formats.md, "profile.json"
// and "reference.json".
#pragma once

#include "base/json.hpp"
#include "comm/communicator.hpp"
#include "ingestion/profile.hpp"

namespace millrace {

inline constexpr std::size_t kProfileBins = 20;     // of numbers: between exact quantiles, 5 % apart
inline constexpr std::size_t kProfileLevels = 100;  // the most frequent values that are counted by themselves

// One a column of the schema, in its order.
struct ColumnProfiles {
  Json columns = Json::array();        // what profile.json has
  Json distributions = Json::array();  // what reference.json has: ColumnDistribution
};

// Collective; equal on all ranks, for any number of them. Columns with more than DistinctCounter::kExactLimit
// different numbers take six more passes over the shards.
ColumnProfiles profile_columns(const Communicator& comm, std::size_t shards, const Schema& schema,
                               const ShardSource& source, const RowFilter& filter = {});

}  // namespace millrace
