// Counts by buckets of values that lie on different ranks → those of all values, on all ranks.
#pragma once

#include <vector>

#include "comm/communicator.hpp"
#include "statistics/bucket_counts.hpp"

namespace millrace {

// Collective; as many on each rank, all like `empty`. The counts at i are merged by rank i mod ranks.
void merge_over_ranks(const Communicator& comm, const BucketCounts& empty,
                      const std::vector<BucketCounts*>& counts);

}  // namespace millrace
