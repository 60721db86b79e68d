#include "training/cuda/device_network.hpp"

#include "base/error.hpp"
#include "kernels/dense.hpp"

namespace millrace {

template <class T>
DeviceNetwork<T>::DeviceNetwork(const NetworkSpec& spec, Precision precision)
    : spec_(spec), matmul_(precision), tables_(spec), width_(spec.input_width()) {
  if (width_ == 0) throw internal_error("a network without inputs");
  const ParameterLayout layout(spec_);
  for (std::size_t l = 0; l < spec_.hidden.size(); ++l) {
    hidden_.push_back(make_layer(layout, fmt::format("hidden.{}", l)));
  }
  output_ = make_layer(layout, "output");
  if (spec_.skip) skip_ = layout["skip.weight"].offset;
}

template <class T>
typename DeviceNetwork<T>::Layer DeviceNetwork<T>::make_layer(const ParameterLayout& layout,
                                                              const std::string& name) const {
  const ParameterSlice& weight = layout[name + ".weight"];
  return {weight.columns, weight.rows, weight.offset, layout[name + ".bias"].offset, {}, {}};
}

template <class T>
kernels::Dropout DeviceNetwork<T>::dropout(std::size_t layer, const std::uint64_t* row_keys) const {
  if (row_keys == nullptr) return {};
  return kernels::make_dropout(spec_.dropout, static_cast<std::uint32_t>(layer), row_keys);
}

template <class T>
void DeviceNetwork<T>::forward(const DeviceBatch& batch, const DeviceParameters<T>& parameters, bool training,
                               StreamView stream) {
  const std::size_t rows = batch.rows();
  input_.reserve(rows * width_);
  tables_.gather(batch, parameters.exact, input_.data(), stream);
  const Epilogue epilogue = spec_.activation == Activation::kRelu ? Epilogue::kBiasRelu : Epilogue::kBias;
  const T* from = input_.data();
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    Layer& layer = hidden_[l];
    layer.values.reserve(rows * layer.out);
    matmul_.forward({rows, layer.in, layer.out}, from, parameters.rounded + layer.weight, epilogue,
                    parameters.rounded + layer.bias, 0, layer.values.data(), stream);
    activate(l, rows, training ? batch.dropout_keys() : nullptr, stream);
    from = layer.values.data();
  }
  compute_logits(rows, from, parameters, stream);
}

// Rectified layers come out of the product rectified; slopes are kept for training (which has keys) alone.
template <class T>
void DeviceNetwork<T>::activate(std::size_t l, std::size_t rows, const std::uint64_t* dropout_keys,
                                StreamView stream) {
  Layer& layer = hidden_[l];
  const kernels::Dropout dropped = dropout(l, dropout_keys);
  if (spec_.activation == Activation::kRelu) {
    if (dropped.row_keys != nullptr) {
      kernels::drop_out(rows, layer.out, dropped, layer.values.data(), stream);
    }
    return;
  }
  if (dropout_keys != nullptr) layer.slopes.reserve(rows * layer.out);
  T* slopes = dropout_keys != nullptr ? layer.slopes.data() : nullptr;
  kernels::activate(spec_.activation, rows, layer.out, dropped, layer.values.data(), slopes, stream);
}

template <class T>
void DeviceNetwork<T>::compute_logits(std::size_t rows, const T* last, const DeviceParameters<T>& parameters,
                                      StreamView stream) {
  logits_.reserve(rows * output_.out);
  kernels::fill_with_bias(rows, output_.out, parameters.exact + output_.bias, logits_.data(), stream);
  const float* no_bias = nullptr;
  matmul_.forward({rows, output_.in, output_.out}, last, parameters.rounded + output_.weight, Epilogue::kNone,
                  no_bias, 1, logits_.data(), stream);
  if (!spec_.skip) return;
  matmul_.forward({rows, width_, output_.out}, input_.data(), parameters.rounded + skip_, Epilogue::kNone,
                  no_bias, 1, logits_.data(), stream);
}

template <class T>
void DeviceNetwork<T>::round_output_delta(std::size_t rows, StreamView stream) {
  if constexpr (std::is_same_v<T, float>) {
    output_delta_ = logits_.data();
  } else {
    rounded_delta_.reserve(rows * output_.out);
    kernels::to_bfloat16(rows * output_.out, logits_.data(), rounded_delta_.data(), stream);
    output_delta_ = rounded_delta_.data();
  }
}

template <class T>
template <class D>
void DeviceNetwork<T>::bias_gradient(const Layer& layer, std::size_t rows, const D* delta, float* gradient,
                                     StreamView stream) {
  scratch_.reserve(kernels::column_sums_scratch(rows, layer.out));
  kernels::column_sums(rows, layer.out, delta, scratch_.data(), gradient + layer.bias, stream);
}

template <class T>
void DeviceNetwork<T>::multiply_by_slopes(std::size_t l, std::size_t rows, T* delta, StreamView stream) {
  const Layer& layer = hidden_[l];
  const std::size_t n = rows * layer.out;
  if (spec_.activation != Activation::kRelu) {
    return kernels::multiply_by_slopes(n, layer.slopes.data(), delta, stream);
  }
  const float scale = kernels::make_dropout(spec_.dropout, 0, nullptr).scale;
  kernels::multiply_by_relu_slopes(n, layer.values.data(), scale, delta, stream);
}

template <class T>
void DeviceNetwork<T>::backward(const DeviceBatch& batch, const DeviceParameters<T>& parameters,
                                float* gradient, StreamView stream) {
  const std::size_t rows = batch.rows();
  round_output_delta(rows, stream);
  const T* delta = output_delta_;
  bias_gradient(output_, rows, logits_.data(), gradient, stream);
  if (spec_.skip) {
    matmul_.weight_gradient({rows, width_, output_.out}, delta, input_.data(), gradient + skip_, stream);
  }
  const Layer* above = &output_;
  for (std::size_t l = hidden_.size(); l-- > 0; above = &hidden_[l]) {
    Layer& layer = hidden_[l];
    const DenseShape shape{rows, above->in, above->out};
    matmul_.weight_gradient(shape, delta, layer.values.data(), gradient + above->weight, stream);
    DeviceBuffer<T>& next = deltas_[l % 2];
    next.reserve(rows * layer.out);
    matmul_.input_delta(shape, delta, parameters.rounded + above->weight, 0, next.data(), stream);
    multiply_by_slopes(l, rows, next.data(), stream);
    bias_gradient(layer, rows, next.data(), gradient, stream);
    delta = next.data();
  }
  matmul_.weight_gradient({rows, above->in, above->out}, delta, input_.data(), gradient + above->weight,
                          stream);
  if (!tables_.empty()) embedding_gradient(batch, parameters, *above, delta, gradient, stream);
}

template <class T>
void DeviceNetwork<T>::embedding_gradient(const DeviceBatch& batch, const DeviceParameters<T>& parameters,
                                          const Layer& first, const T* delta, float* gradient,
                                          StreamView stream) {
  const std::size_t rows = batch.rows();
  input_delta_.reserve(rows * width_);
  matmul_.input_delta({rows, width_, first.out}, delta, parameters.rounded + first.weight, 0,
                      input_delta_.data(), stream);
  if (spec_.skip) {
    matmul_.input_delta({rows, width_, output_.out}, output_delta_, parameters.rounded + skip_, 1,
                        input_delta_.data(), stream);
  }
  tables_.gradient(batch, input_delta_.data(), gradient, stream);
}

template class DeviceNetwork<float>;
template class DeviceNetwork<kernels::Bfloat16>;

}  // namespace millrace
