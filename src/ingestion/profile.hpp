// Statistics and exact quantiles over the shards of a dataset, or over a selection of its rows; merged in
// shard order.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/data_shard.hpp"

namespace millrace {

// Hands shard i (with the columns asked for) to the caller; only owned shards are asked for.
using ShardSource = std::function<DataShard(std::size_t shard)>;
// Which rows of a shard count: 1 a row; an empty vector means all.
using RowFilter = std::function<std::vector<std::uint8_t>(std::size_t shard, const DataShard& data)>;

// Collective; equal on all ranks, for any number of ranks. One pass.
std::map<std::string, ColumnStatistics> column_statistics(const Communicator& comm, std::size_t shards,
                                                          const Schema& schema, const ShardSource& source,
                                                          const RowFilter& filter = {});

// Exact quantiles (linear interpolation) of numeric columns, for each the shares asked for; columns without
// present values are absent from the result. Five passes over the shards (the first one counts values), for
// all columns together while their counts fit into 256 MiB.
std::map<std::string, std::map<double, double>> column_quantiles(
    const Communicator& comm, std::size_t shards, const std::map<std::string, std::vector<double>>& shares,
    const ShardSource& source, const RowFilter& filter = {});

}  // namespace millrace
