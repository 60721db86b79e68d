#include "training/lane_plan.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::uint32_t kDeterministicGroups = 8;

// The configured number, halved until every lane has a row and a whole share of each batch.
std::uint32_t lane_count(std::uint64_t rows, const TrainingConfig& config) {
  std::uint32_t lanes = std::max(config.lanes, 1U);
  while (lanes > 1 && (lanes > rows || config.batch_size % lanes != 0)) lanes /= 2;
  return lanes;
}

}  // namespace

LanePlan::LanePlan(std::uint64_t rows, const TrainingConfig& config, int ranks)
    : rows_(rows),
      lanes_(lane_count(rows, config)),
      quota_(std::max(config.batch_size, 1U) / lanes_),
      groups_(config.deterministic ? std::min(kDeterministicGroups, lanes_)
                                   : static_cast<std::uint32_t>(ranks)),
      ranks_(ranks) {
  if (rows == 0) throw Error(Topic::kNoTrainingRows, "there are no training rows");
  if (static_cast<std::uint32_t>(ranks) > lanes_) {
    throw Error(
        Topic::kManyRanks,
        "{} ranks cannot share {} lanes ({} training rows, training.batch_size {}, training.lanes {}): use "
        "at "
        "most {} ranks, or a batch size and a number of lanes that are multiples of the ranks",
        ranks, lanes_, rows, config.batch_size, config.lanes, lanes_);
  }
  if (static_cast<std::uint32_t>(ranks) > groups_) {
    throw Error(Topic::kManyRanks, "training.deterministic is for at most {} ranks here, and there are {}",
                groups_, ranks);
  }
}

std::uint64_t LanePlan::steps_per_epoch() const {
  return (rows_of_lane(0).size() + quota_ - 1) / quota_;
}

std::uint64_t LanePlan::rows_of_batch(std::uint64_t index) const {
  const std::uint64_t before = index * quota_;
  std::uint64_t rows = 0;
  for (std::uint32_t lane = 0; lane < lanes_; ++lane) {
    const std::uint64_t size = rows_of_lane(lane).size();
    rows += std::min<std::uint64_t>(quota_, size - std::min(size, before));
  }
  return rows;
}

Range LanePlan::groups_of_rank(int rank) const {
  return deal(groups_, static_cast<std::uint64_t>(ranks_), static_cast<std::uint64_t>(rank));
}

}  // namespace millrace
