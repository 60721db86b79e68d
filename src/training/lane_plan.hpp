// Which rows each global batch holds, whatever the number of ranks: training rows in source order, cut into L
// contiguous lanes; every batch takes batch/L rows from each. Ranks own whole lanes. docs/training.md,
// "Lanes".
#pragma once

#include <cstdint>

#include "config/pipeline_config.hpp"
#include "training/range.hpp"

namespace millrace {

class LanePlan {
 public:
  // Throws kDataRejected where there are no rows, kUsage where there are more ranks than lanes (or, in
  // deterministic mode, than lane groups).
  LanePlan(std::uint64_t rows, const TrainingConfig& config, int ranks);

  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  [[nodiscard]] std::uint32_t lanes() const { return lanes_; }
  // Rows that a batch takes from each lane, as long as the lane has that many left.
  [[nodiscard]] std::uint32_t quota() const { return quota_; }
  [[nodiscard]] std::uint64_t steps_per_epoch() const;
  // Rows really in batch `index` of an epoch, over all lanes.
  [[nodiscard]] std::uint64_t rows_of_batch(std::uint64_t index) const;
  [[nodiscard]] Range rows_of_lane(std::uint32_t lane) const { return deal(rows_, lanes_, lane); }

  // Gradients are summed group by group. A group is computed whole on one rank; there is one a rank, or in
  // deterministic mode a number that does not depend on the ranks.
  [[nodiscard]] std::uint32_t groups() const { return groups_; }
  [[nodiscard]] Range lanes_of_group(std::uint32_t group) const { return deal(lanes_, groups_, group); }
  [[nodiscard]] Range groups_of_rank(int rank) const;

 private:
  std::uint64_t rows_;
  std::uint32_t lanes_;
  std::uint32_t quota_;
  std::uint32_t groups_;
  int ranks_;
};

}  // namespace millrace
