// Private to evaluation/: metrics that follow from sums over rows, so that weighted rows have them too.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "evaluation/metrics.hpp"

namespace millrace {

// What a row adds to the sums, and the metrics that follow from them. NaN: not defined.
struct RowSums {
  std::size_t width = 0;
  std::function<void(const ScoredShard& shard, std::size_t row, std::span<double> values)> of_row;
  std::function<std::map<std::string, double>(std::span<const double> sums)> metrics;
};

// Of the task. Collective.
RowSums row_sums(const Communicator& comm, const std::vector<ScoredShard>& mine, std::uint32_t shards,
                 const EvaluationOptions& options);

}  // namespace millrace
