#include "training/cuda/slot_carrier.hpp"

#include "base/error.hpp"

namespace millrace {

SlotCarrier::SlotCarrier(GradientExchange& exchange, Collective* collective, PinnedBuffer<float>& pinned)
    : exchange_(exchange), collective_(collective), pinned_(pinned), path_(path()) {
  if (path_ == Path::kPinned) pinned_.reserve(exchange.slots() * exchange.slot_size());
  if (path_ != Path::kPinned && exchange.slots() != 1) throw internal_error("slots without a tree");
}

SlotCarrier::Path SlotCarrier::path() const {
  if (exchange_.deterministic()) return Path::kPinned;
  if (collective_ != nullptr) return Path::kCollective;
  if (exchange_.ranks() == 1) return Path::kAlone;
  return exchange_.takes_device_memory() ? Path::kDeviceMemory : Path::kPinned;
}

void SlotCarrier::take(std::size_t index, const float* slot, StreamView stream) {
  const std::size_t size = exchange_.slot_size();
  if (path_ == Path::kPinned) copy(pinned_.data() + index * size, slot, size, stream);
}

void SlotCarrier::finish(float* slot, const Stream& stream) {
  const std::size_t size = exchange_.slot_size();
  if (path_ == Path::kCollective) return collective_->all_reduce({slot, size}, stream.view());
  if (path_ == Path::kAlone) return;
  stream.wait();
  if (path_ == Path::kDeviceMemory) return exchange_.reduce({slot, size});
  exchange_.reduce({pinned_.data(), exchange_.slots() * size});
  copy(slot, pinned_.data(), size, stream.view());
}

}  // namespace millrace
