// Where a network's embedding tables lie, as the kernels want to know it, and their gradient.
#pragma once

#include "kernels/embedding_gradient.hpp"
#include "model/network.hpp"
#include "training/cuda/device_batch.hpp"

namespace millrace {

class InputTables {
 public:
  explicit InputTables(const NetworkSpec& spec);

  [[nodiscard]] bool empty() const { return shape_.n_tables == 0; }
  // x[rows × input width] from the batch's inputs and the tables among `parameters`. T: float, Bfloat16.
  template <class T>
  void gather(const DeviceBatch& batch, const float* parameters, T* x, StreamView stream) const;
  // Writes the gradient of all levels that the batch uses, from ∂loss/∂x.
  void gradient(const DeviceBatch& batch, const float* input_delta, float* gradient, StreamView stream);

 private:
  [[nodiscard]] kernels::InputShape shape(std::size_t rows) const;

  kernels::InputShape shape_;
  std::uint32_t widest_ = 0;  // dimension
  unsigned key_bits_ = 0;
  DeviceBuffer<kernels::EmbeddingColumn> tables_;
  DeviceBuffer<std::int32_t> table_of_column_;
  DeviceBuffer<std::uint32_t> keys_, positions_, sorted_keys_, sorted_positions_;
  DeviceBuffer<std::byte> sort_scratch_;
  DeviceBuffer<float> partial_;
};

}  // namespace millrace
