#include "device/placed_network.hpp"

#include <utility>

#include "base/error.hpp"
#include "base/log.hpp"

namespace millrace {

PlacedNetwork::PlacedNetwork(std::unique_ptr<NetworkOnDevice> network, std::string model,
                             std::size_t least_rows, std::shared_ptr<DeviceCounts> counts,
                             Clock::duration rest)
    : network_(std::move(network)),
      model_(std::move(model)),
      least_rows_(least_rows),
      counts_(std::move(counts)),
      rest_(rest) {}

bool PlacedNetwork::forward(const BatchView& batch, std::span<float> logits) {
  if (batch.rows < least_rows_ || batch.rows == 0 || rests()) return false;
  try {
    network_->forward(batch, logits);
  } catch (...) {
    has_failed(current_error().message());
    return false;
  }
  has_worked(batch.rows);
  return true;
}

bool PlacedNetwork::rests() const {
  const Clock::rep until = rests_until_.load(std::memory_order_relaxed);
  return until != 0 && Clock::now().time_since_epoch().count() < until;
}

// One warning, until it has worked again.
void PlacedNetwork::has_failed(const std::string& why) {
  ++counts_->failures;
  const Clock::rep until = (Clock::now() + rest_).time_since_epoch().count();
  if (rests_until_.exchange(until) != 0) return;
  log_warning("{}: the GPU failed, and the CPU scores in its place; it is tried again every {} s: {}", model_,
              std::chrono::duration_cast<std::chrono::seconds>(rest_).count(), why);
}

void PlacedNetwork::has_worked(std::size_t rows) {
  counts_->batches.fetch_add(1, std::memory_order_relaxed);
  counts_->rows.fetch_add(rows, std::memory_order_relaxed);
  if (rests_until_.load(std::memory_order_relaxed) == 0) return;
  if (rests_until_.exchange(0) != 0) log_info("{}: the GPU scores again", model_);
}

}  // namespace millrace
