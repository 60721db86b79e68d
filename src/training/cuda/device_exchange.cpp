#include "training/cuda/device_exchange.hpp"

#include "training/cuda/slot_carrier.hpp"

namespace millrace {

void DeviceExchange::reduce(std::span<float> buffer) {
  SlotCarrier carrier(host_, collective_.get(), pinned_);
  for (std::size_t i = 0; i < slots(); ++i) {
    copy(slot_.data(), buffer.data() + i * slot_size(), slot_size(), stream_.view());
    carrier.take(i, slot_.data(), stream_.view());
  }
  carrier.finish(slot_.data(), stream_);
  done_.record(stream_.view());
  if (collective_ != nullptr) collective_->wait(done_);
  copy(buffer.data(), slot_.data(), slot_size(), stream_.view());
  stream_.wait();
}

}  // namespace millrace
