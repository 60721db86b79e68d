// The network's forward and backward pass on the device: the same steps as training/cpu/cpu_backend.cpp.
//
// T is what activations and their deltas are stored as and what matrix products read: float, or Bfloat16 with
// sums in fp32. Logits, the loss's gradient and all parameters' gradients are floats.
//
// A hidden unit of a rectified layer that is NaN counts as 0 where cuBLASLt rectifies; parameters that are no
// numbers are found at training's end in any case.
#pragma once

#include <vector>

#include "kernels/hidden.hpp"
#include "model/network.hpp"
#include "training/cuda/input_tables.hpp"
#include "training/cuda/matmul.hpp"

namespace millrace {

// The flat parameter buffer on the device: exact, and as the products read it (the same where T is float).
template <class T>
struct DeviceParameters {
  const float* exact = nullptr;
  const T* rounded = nullptr;
};

template <class T>
class DeviceNetwork {
 public:
  DeviceNetwork(const NetworkSpec& spec, Precision precision);

  // Into logits(), rows × n_outputs. `training`: with dropout, and ready for backward().
  void forward(const DeviceBatch& batch, const DeviceParameters<T>& parameters, bool training,
               StreamView stream);
  [[nodiscard]] float* logits() { return logits_.data(); }
  // From logits(), which now hold ∂loss/∂logits. Writes the gradient of all parameters but those of levels
  // that the batch does not use; the caller has zeroed it.
  void backward(const DeviceBatch& batch, const DeviceParameters<T>& parameters, float* gradient,
                StreamView stream);

 private:
  struct Layer {
    std::size_t in = 0;
    std::size_t out = 0;
    std::size_t weight = 0;  // offsets in the flat buffers
    std::size_t bias = 0;
    DeviceBuffer<T> values;  // rows × out, after the activation (and dropout)
    DeviceBuffer<T> slopes;  // rows × out, where they do not show in the values
  };

  [[nodiscard]] Layer make_layer(const ParameterLayout& layout, const std::string& name) const;
  [[nodiscard]] kernels::Dropout dropout(std::size_t layer, const std::uint64_t* row_keys) const;
  void activate(std::size_t layer, std::size_t rows, const std::uint64_t* dropout_keys, StreamView stream);
  void multiply_by_slopes(std::size_t layer, std::size_t rows, T* delta, StreamView stream);
  void compute_logits(std::size_t rows, const T* last, const DeviceParameters<T>& parameters,
                      StreamView stream);
  // Sets output_delta_ to ∂loss/∂logits as products read it.
  void round_output_delta(std::size_t rows, StreamView stream);
  template <class D>
  void bias_gradient(const Layer& layer, std::size_t rows, const D* delta, float* gradient,
                     StreamView stream);
  void embedding_gradient(const DeviceBatch& batch, const DeviceParameters<T>& parameters, const Layer& first,
                          const T* delta, float* gradient, StreamView stream);

  NetworkSpec spec_;
  Matmul matmul_;
  InputTables tables_;
  std::vector<Layer> hidden_;
  Layer output_;
  std::size_t skip_ = 0;  // offset of skip.weight where there is one
  std::size_t width_;     // of the input

  DeviceBuffer<T> input_;
  DeviceBuffer<float> logits_;
  DeviceBuffer<T> rounded_delta_;  // of the logits, where T is not float
  const T* output_delta_ = nullptr;
  DeviceBuffer<T> deltas_[2];  // of hidden layers, by turns
  DeviceBuffer<float> input_delta_;
  DeviceBuffer<float> scratch_;  // of column sums
};

}  // namespace millrace
