#include "training/cuda/cuda_backend.hpp"

#include <cmath>

#include "base/error.hpp"
#include "kernels/adamw.hpp"
#include "kernels/dense.hpp"
#include "kernels/loss.hpp"
#include "training/cuda/slot_carrier.hpp"

namespace millrace {

namespace {

constexpr std::size_t kDecayBlock = 16;  // parameters that share a mark; slices begin at multiples of it

std::vector<std::uint8_t> decay_marks(const ParameterLayout& layout) {
  std::vector<std::uint8_t> marks(layout.size() / kDecayBlock);
  for (const ParameterSlice& slice : layout.slices()) {
    const std::size_t end = (slice.offset + slice.size() + kDecayBlock - 1) / kDecayBlock;
    for (std::size_t block = slice.offset / kDecayBlock; block < end; ++block)
      marks[block] = slice.decay ? 1 : 0;
  }
  return marks;
}

}  // namespace

template <class T>
CudaBackend<T>::CudaBackend(const std::string& device_name, const NetworkSpec& spec,
                            const TrainingConfig& config)
    : description_(fmt::format("cuda ({}, {})", device_name, config.precision)),
      spec_(spec),
      layout_(spec),
      clip_(static_cast<float>(config.gradient_clip)),
      network_(spec, parse_precision(config.precision)),
      parameters_(size()),
      first_moment_(size()),
      second_moment_(size()),
      decays_(size() / kDecayBlock),
      slot_(size() + kTailSize),
      squares_(1),
      squares_scratch_(kernels::squared_norm_scratch(size())),
      host_tail_(kTailSize) {
  adamw_.weight_decay = static_cast<float>(config.weight_decay);
  if constexpr (!std::is_same_v<T, float>) rounded_.reserve(size());
  copy(decays_.data(), decay_marks(layout_).data(), decays_.size(), stream_.view());
  stream_.wait();
}

template <class T>
DeviceParameters<T> CudaBackend<T>::parameters() const {
  if constexpr (std::is_same_v<T, float>) {
    return {parameters_.data(), parameters_.data()};
  } else {
    return {parameters_.data(), rounded_.data()};
  }
}

template <class T>
void CudaBackend<T>::round_parameters() {
  if constexpr (!std::is_same_v<T, float>) {
    kernels::to_bfloat16(size(), parameters_.data(), rounded_.data(), stream_.view());
  }
}

template <class T>
void CudaBackend<T>::load(const OptimizerState& state) {
  if (state.parameters.size() != size() || state.first_moment.size() != size() ||
      state.second_moment.size() != size()) {
    throw internal_error("a state of {} parameters for a network of {}", state.parameters.size(), size());
  }
  copy(parameters_.data(), state.parameters.data(), size(), stream_.view());
  copy(first_moment_.data(), state.first_moment.data(), size(), stream_.view());
  copy(second_moment_.data(), state.second_moment.data(), size(), stream_.view());
  round_parameters();
  stream_.wait();
  updates_ = state.updates;
}

template <class T>
void CudaBackend<T>::store(OptimizerState& state) const {
  for (auto* buffer : {&state.parameters, &state.first_moment, &state.second_moment}) buffer->resize(size());
  copy(state.parameters.data(), parameters_.data(), size(), stream_.view());
  copy(state.first_moment.data(), first_moment_.data(), size(), stream_.view());
  copy(state.second_moment.data(), second_moment_.data(), size(), stream_.view());
  stream_.wait();
  state.updates = updates_;
}

template <class T>
void CudaBackend<T>::compute_loss(std::size_t rows, float* sums) {
  losses_.reserve(rows);
  kernels::loss_and_delta(spec_.task, rows, spec_.n_outputs, batch_.target(), batch_.weight(),
                          network_.logits(), losses_.data(), stream_.view());
  kernels::sum_losses(rows, losses_.data(), batch_.weight(), sums, stream_.view());
}

template <class T>
void CudaBackend<T>::fill_slot(const Batch& batch, bool stop) {
  zero(slot_.data(), slot_.size(), stream_.view());
  if (batch.rows > 0) {
    batch_.upload(batch, stream_.view());
    network_.forward(batch_, parameters(), true, stream_.view());
    compute_loss(batch.rows, tail());
    network_.backward(batch_, parameters(), slot_.data(), stream_.view());
  }
  if (!stop) return;
  const float one = 1;
  copy(tail() + kTailStop, &one, 1, stream_.view());
}

template <class T>
StepSums CudaBackend<T>::step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange,
                              const Meanwhile& meanwhile) {
  if (exchange.slot_size() != slot_.size()) throw internal_error("an exchange for another network");
  SlotCarrier carrier(exchange, collective_.get(), host_slots_);
  const Batch nothing;
  for (std::size_t i = 0; i < exchange.slots(); ++i) {
    fill_slot(i < parts.size() ? parts[i] : nothing, i == 0 && exchange.stop_requested());
    carrier.take(i, slot_.data(), stream_.view());
  }
  meanwhile();
  carrier.finish(slot_.data(), stream_);
  queue_update(learning_rate);
  const StepSums sums = wait_for_tail();
  if (std::isfinite(sums.loss)) ++updates_;
  return sums;
}

template <class T>
void CudaBackend<T>::queue_update(float learning_rate) {
  const BiasCorrection correction = bias_correction(adamw_, updates_ + 1);
  const kernels::AdamwStep step{adamw_.beta1,  adamw_.beta2,     adamw_.epsilon,  adamw_.weight_decay,
                                learning_rate, correction.first, correction.root, clip_};
  const double* squares = nullptr;
  if (clip_ > 0) {
    kernels::squared_norm(size(), slot_.data(), squares_scratch_.data(), squares_.data(), stream_.view());
    squares = squares_.data();
  }
  kernels::AdamwBuffers buffers{parameters_.data(), first_moment_.data(), second_moment_.data(),
                                decays_.data(), nullptr};
  if constexpr (!std::is_same_v<T, float>) buffers.low = rounded_.data();
  kernels::adamw_update(size(), step, slot_.data(), tail(), squares, buffers, stream_.view());
}

template <class T>
StepSums CudaBackend<T>::wait_for_tail() {
  copy(host_tail_.data(), tail(), kTailSize, stream_.view());
  done_.record(stream_.view());
  if (collective_ != nullptr) {
    collective_->wait(done_);
  } else {
    done_.wait();
  }
  return read_tail({host_tail_.data(), kTailSize});
}

template <class T>
LossSums CudaBackend<T>::accumulate_gradient(const Batch& batch, std::span<float> gradient) {
  fill_slot(batch, false);
  std::vector<float> added(size());
  copy(added.data(), slot_.data(), size(), stream_.view());
  const StepSums sums = wait_for_tail();
  for (std::size_t i = 0; i < size(); ++i) gradient[i] += added[i];
  return {sums.loss, sums.weight};
}

// The kernel divides by the sum of weights: 1 / scale.
template <class T>
void CudaBackend<T>::apply_update(std::span<const float> gradient, float scale, float learning_rate) {
  write_tail({host_tail_.data(), kTailSize}, {0, scale == 0 ? 0 : 1 / static_cast<double>(scale), false});
  copy(slot_.data(), gradient.data(), size(), stream_.view());
  copy(tail(), host_tail_.data(), kTailSize, stream_.view());
  queue_update(learning_rate);
  stream_.wait();
  ++updates_;
}

template <class T>
LossSums CudaBackend<T>::evaluate(const Batch& batch) {
  if (batch.rows == 0) return {};
  batch_.upload(batch, stream_.view());
  network_.forward(batch_, parameters(), false, stream_.view());
  compute_loss(batch.rows, tail());
  const StepSums sums = wait_for_tail();
  return {sums.loss, sums.weight};
}

template <class T>
void CudaBackend<T>::predict(const BatchView& batch, std::span<float> logits) {
  if (batch.rows == 0) return;
  batch_.upload(batch, stream_.view());
  network_.forward(batch_, parameters(), false, stream_.view());
  copy(logits.data(), network_.logits(), batch.rows * spec_.n_outputs, stream_.view());
  stream_.wait();
}

template class CudaBackend<float>;
template class CudaBackend<kernels::Bfloat16>;

std::unique_ptr<DeviceBackend> make_cuda_backend(const std::string& device_name, const NetworkSpec& spec,
                                                 const TrainingConfig& config) {
  if (parse_precision(config.precision) == Precision::kBf16) {
    return std::make_unique<CudaBackend<kernels::Bfloat16>>(device_name, spec, config);
  }
  return std::make_unique<CudaBackend<float>>(device_name, spec, config);
}

}  // namespace millrace
