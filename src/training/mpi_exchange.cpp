#include "training/mpi_exchange.hpp"

#include <algorithm>

#include "base/signals.hpp"
#include "comm/session.hpp"

namespace millrace {

MpiExchange::MpiExchange(const Communicator& comm, const LanePlan& plan, std::size_t parameters,
                         bool deterministic)
    : comm_(comm),
      plan_(plan),
      slot_size_(parameters + kTailSize),
      slots_(plan.groups_of_rank(0).size()),
      all_(deterministic ? slots_ * slot_size_ * static_cast<std::size_t>(comm.size()) : 0),
      deterministic_(deterministic) {}

bool MpiExchange::takes_device_memory() const {
  return !deterministic_ && mpi_takes_device_memory();
}

bool MpiExchange::stop_requested() const {
  return millrace::stop_requested();
}

void MpiExchange::reduce(std::span<float> buffer) {
  if (deterministic_) {
    gather_and_add(buffer);
  } else {
    comm_.all_reduce(buffer, Reduce::kSum);
  }
}

// Group 0 belongs to rank 0 and lies first, so the tree's root is the head of all_.
void MpiExchange::gather_and_add(std::span<float> buffer) {
  comm_.all_gather(buffer, all_);
  std::vector<float*> groups;
  for (int rank = 0; rank < comm_.size(); ++rank) {
    for (std::size_t i = 0; i < plan_.groups_of_rank(rank).size(); ++i) {
      groups.push_back(all_.data() + (static_cast<std::size_t>(rank) * slots_ + i) * slot_size_);
    }
  }
  for (std::size_t distance = 1; distance < groups.size(); distance *= 2) {
    for (std::size_t g = 0; g + distance < groups.size(); g += 2 * distance) {
      float* to = groups[g];
      const float* from = groups[g + distance];
      for (std::size_t i = 0; i < slot_size_; ++i) to[i] += from[i];
    }
  }
  std::copy_n(all_.data(), slot_size_, buffer.data());
}

}  // namespace millrace
