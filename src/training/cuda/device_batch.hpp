// The rows of a step on the device: packed in pinned memory, copied in one piece.
#pragma once

#include "training/batch.hpp"
#include "training/cuda/memory.hpp"

namespace millrace {

class DeviceBatch {
 public:
  // Queues the copy; what the batch points to is free again at once.
  void upload(const Batch& batch, StreamView stream);
  void upload(const BatchView& inputs, StreamView stream);  // inputs alone: for predictions
  // The same, with zeros behind them up to `rows`.
  void upload(const BatchView& inputs, std::size_t rows, StreamView stream);

  [[nodiscard]] std::size_t rows() const { return rows_; }
  // On the device, each as in Batch; of an upload of inputs alone, only the first two.
  [[nodiscard]] const float* numeric() const { return part<float>(0); }
  [[nodiscard]] const std::int32_t* categorical() const { return part<std::int32_t>(1); }
  [[nodiscard]] const float* target() const { return part<float>(2); }
  [[nodiscard]] const float* weight() const { return part<float>(3); }
  [[nodiscard]] const std::uint64_t* dropout_keys() const { return part<std::uint64_t>(4); }

 private:
  using Parts = std::vector<std::span<const std::byte>>;
  // Each part has values for `given` of the rows.
  void upload(std::size_t given, std::size_t rows, const Parts& parts, StreamView stream);
  template <class T>
  [[nodiscard]] const T* part(std::size_t index) const {
    return reinterpret_cast<const T*>(on_device_.data() + offsets_[index]);
  }

  std::size_t rows_ = 0;
  std::vector<std::size_t> offsets_;
  PinnedBuffer<std::byte> packed_;
  DeviceBuffer<std::byte> on_device_;
  Event copied_;  // packed_ may be filled again
};

}  // namespace millrace
