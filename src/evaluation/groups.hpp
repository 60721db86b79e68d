// Metrics of groups of rows, such as those with the same value of a column.
#pragma once

#include <cstdint>
#include <vector>

#include "evaluation/metrics.hpp"

namespace millrace {

// The number of each row's group, for each of the shards of a rank.
using RowGroups = std::vector<std::vector<std::uint8_t>>;

// The metrics of each of `groups` groups, as evaluate() gives them; equal on all ranks, for any number of
// them. Collective, in few steps for all groups together: a group of at most 2^20 rows is evaluated by one
// rank, which gets its rows. The shards are as for evaluate(), which has checked them.
std::vector<Evaluation> evaluate_groups(const Communicator& comm, const std::vector<ScoredShard>& mine,
                                        std::uint32_t shards, const EvaluationOptions& options,
                                        const RowGroups& group_of_row, std::size_t groups);

}  // namespace millrace
