// Exact quantiles of columns whose counts are known already: passes over the
// shards that count, and sums over the ranks.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/profile.hpp"

namespace millrace {

struct WantedQuantiles {
  std::string column;
  std::uint64_t present = 0;  // values, more than 0
  std::vector<double> shares;
};

// A column of so many values at most is gathered and sorted; one of more is counted in eight passes of 8
// bits; one of more than kManyValues, whose values outweigh the larger counts, in four of 16.
inline constexpr std::uint64_t kFewValues = 4096;
inline constexpr std::uint64_t kManyValues = std::uint64_t{1} << 22U;

// The most columns whose counts or values are kept in memory at a time, for so many quantiles of each, and so
// many values of the column that has most.
std::size_t columns_per_batch(std::size_t shares, std::uint64_t most_present);

// Collective: for each column the values at its shares.
std::vector<std::vector<double>> exact_quantiles(const Communicator& comm, std::size_t shards,
                                                 std::span<const WantedQuantiles> wanted,
                                                 const ShardSource& source, const RowFilter& filter);

}  // namespace millrace
