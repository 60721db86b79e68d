#include "training/gradient_exchange.hpp"

namespace millrace {

namespace {

// Behind the gradient in each slot.
enum Tail : std::size_t { kLoss, kWeight, kStop, kTailSize };

}  // namespace

GradientExchange::GradientExchange(const Communicator& comm, const LanePlan& plan, std::size_t parameters,
                                   bool deterministic)
    : comm_(comm),
      plan_(plan),
      parameters_(parameters),
      width_(parameters + kTailSize),
      slots_(plan.groups_of_rank(0).size()),
      own_(slots_ * width_),
      all_(deterministic ? own_.size() * static_cast<std::size_t>(comm.size()) : 0),
      deterministic_(deterministic) {}

std::span<float> GradientExchange::slot(std::vector<float>& buffer, std::size_t index) const {
  return std::span(buffer).subspan(index * width_, width_);
}

std::span<float> GradientExchange::gradient(std::size_t part) {
  return slot(own_, part).first(parameters_);
}

void GradientExchange::set_sums(std::size_t part, const StepSums& sums) {
  const std::span<float> tail = slot(own_, part).subspan(parameters_);
  tail[kLoss] = static_cast<float>(sums.loss);
  tail[kWeight] = static_cast<float>(sums.weight);
  tail[kStop] = sums.stop ? 1.0F : 0.0F;
}

StepSums GradientExchange::reduce() {
  if (deterministic_) {
    gather_and_add();
  } else {
    comm_.all_reduce(std::span(own_), Reduce::kSum);
  }
  const float* tail = total().data() + parameters_;
  return {tail[kLoss], tail[kWeight], tail[kStop] > 0};
}

std::span<const float> GradientExchange::total() const {
  return std::span<const float>(deterministic_ ? all_ : own_).first(parameters_);
}

// Group 0 belongs to rank 0 and lies first, so the tree's root is the head of all_.
void GradientExchange::gather_and_add() {
  comm_.all_gather(own_, all_);
  std::vector<float*> groups;
  for (int rank = 0; rank < comm_.size(); ++rank) {
    for (std::size_t i = 0; i < plan_.groups_of_rank(rank).size(); ++i) {
      groups.push_back(slot(all_, static_cast<std::size_t>(rank) * slots_ + i).data());
    }
  }
  for (std::size_t distance = 1; distance < groups.size(); distance *= 2) {
    for (std::size_t g = 0; g + distance < groups.size(); g += 2 * distance) {
      float* to = groups[g];
      const float* from = groups[g + distance];
      for (std::size_t i = 0; i < width_; ++i) to[i] += from[i];
    }
  }
}

}  // namespace millrace
