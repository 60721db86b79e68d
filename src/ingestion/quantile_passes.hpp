// Exact quantiles and histograms of columns whose counts (and extremes) are known already: passes over the
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

struct WantedHistogram {
  std::string column;
  double min = 0;
  double max = 0;
};

// Collective: for each column the counts of `bins` bins of equal width between min and max; all in the first
// bin where those are the same. One pass.
std::vector<std::vector<std::uint64_t>> histograms(const Communicator& comm, std::size_t shards,
                                                   std::size_t bins, std::span<const WantedHistogram> wanted,
                                                   const ShardSource& source);

// The same from ascending values with how often each occurs, of which there is at least one: no pass at all.
using CountedNumbers = std::vector<std::pair<double, std::uint64_t>>;
std::vector<double> quantiles_of(const CountedNumbers& numbers, const WantedQuantiles& wanted);
std::vector<std::uint64_t> histogram_of(const CountedNumbers& numbers, const WantedHistogram& wanted,
                                        std::size_t bins);

}  // namespace millrace
