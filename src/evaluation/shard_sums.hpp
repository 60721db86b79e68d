// Private to evaluation/: sums of doubles that do not depend on which rank holds which shard.
#pragma once

#include <functional>
#include <span>
#include <vector>

#include "evaluation/metrics.hpp"

namespace millrace {

// `add_to(shard, sums)` adds a shard's rows to `width` sums that start at 0; the shards' sums are then added
// in the order of the shards. Collective; every rank gets the same bits. add_to must not throw.
std::vector<double> sum_over_shards(
    const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards, std::size_t width,
    const std::function<void(const ScoredShard& shard, std::span<double> sums)>& add_to);

}  // namespace millrace
