// Private to evaluation/: how often each row takes part in each resample of the bootstrap.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "evaluation/score_order.hpp"

namespace millrace {

// Resamples are made in blocks, so that a row's weights come from one call and sums over rows are loops over
// vectors.
inline constexpr std::size_t kResampleBlock = 128;
using Weights = std::array<std::uint32_t, kResampleBlock>;

// Of the row at `position` (below 2^40) of a shard (below 2^24), in the resamples of the block that the key
// belongs to: independent draws from Poisson(1).
std::uint64_t resample_key(std::size_t block);
Weights poisson_weights(std::uint64_t key, std::uint32_t shard, std::uint64_t position);

// The area under the ROC curve in each of `blocks` × kResampleBlock resamples, exact as exact_auc(); NaN in
// those with one class only. `shards`: the number of each of the `mine`. Collective; equal on all ranks.
std::vector<double> resampled_auc(const Communicator& comm, const std::vector<LabelledScores>& mine,
                                  const std::vector<std::uint32_t>& shards, std::size_t blocks);

}  // namespace millrace
