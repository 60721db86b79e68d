#include "training/sampler.hpp"

#include <algorithm>

namespace millrace {

namespace {

void clear(Batch& batch) {
  batch.rows = 0;
  batch.numeric.clear();
  batch.categorical.clear();
  batch.target.clear();
  batch.weight.clear();
  batch.dropout_key.clear();
}

}  // namespace

Sampler::Sampler(const Communicator& comm, RowSource& source, const LanePlan& plan,
                 const TrainingConfig& config, std::vector<float> class_weights)
    : comm_(comm), quota_(plan.quota()), streams_(false), class_weights_(std::move(class_weights)) {
  const std::uint64_t window = std::max(kGroupRows, config.window_rows / plan.lanes());
  streams_ = plan.rows_of_lane(0).size() > window;
  const Range groups = plan.groups_of_rank(comm.rank());
  parts_.resize(groups.size());
  lanes_.resize(groups.size());
  comm.agree([&] {
    for (std::uint64_t g = groups.first; g < groups.end; ++g) {
      const Range lanes = plan.lanes_of_group(static_cast<std::uint32_t>(g));
      for (auto lane = static_cast<std::uint32_t>(lanes.first); lane < lanes.end; ++lane) {
        lanes_[g - groups.first].emplace_back(source, lane, plan.rows_of_lane(lane), config.seed, window);
      }
    }
  });
}

template <class Work>
void Sampler::run(Work&& work) {
  if (streams_) {
    comm_.agree(work);
  } else {
    work();
  }
}

void Sampler::start(std::uint64_t epoch, std::uint64_t index) {
  run([&] {
    for (std::vector<Lane>& part : lanes_) {
      for (Lane& lane : part) lane.start(epoch, index * quota_);
    }
  });
}

std::span<const Batch> Sampler::next(std::uint64_t step) {
  run([&] {
    for (std::size_t p = 0; p < parts_.size(); ++p) {
      clear(parts_[p]);
      for (Lane& lane : lanes_[p]) lane.take(quota_, step, class_weights_, parts_[p]);
    }
  });
  return parts_;
}

}  // namespace millrace
