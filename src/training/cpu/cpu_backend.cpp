#include "training/cpu/cpu_backend.hpp"

#include <algorithm>
#include <cmath>

#include <cblas.h>

#include "model/activation.hpp"
#include "training/cpu/blas_kernels.hpp"
#include "training/cpu/elementwise.hpp"
#include "training/cpu/loss.hpp"

namespace millrace {

CpuBackend::CpuBackend(const NetworkSpec& spec, const TrainingConfig& config)
    : spec_(spec),
      layout_(spec),
      gradient_clip_(config.gradient_clip),
      threads_(std::max(config.threads, 1U)) {
  adamw_.weight_decay = static_cast<float>(config.weight_decay);
  prefer_fast_blas_kernels();
  openblas_set_num_threads(static_cast<int>(threads_));
  for (std::size_t t = 0; t < spec_.embeddings.size(); ++t) {
    tables_.push_back(layout_[fmt::format("embedding.{}", t)].offset);
  }
  for (std::size_t i = 0; i < spec_.hidden.size(); ++i) {
    hidden_.push_back(make_layer(fmt::format("hidden.{}", i)));
  }
  output_ = make_layer("output");
  if (spec_.skip) skip_ = layout_["skip.weight"].offset;
}

CpuBackend::Layer CpuBackend::make_layer(const std::string& name) const {
  const ParameterSlice& weight = layout_[name + ".weight"];
  return {weight.columns, weight.rows, weight.offset, layout_[name + ".bias"].offset, {}, {}};
}

std::string CpuBackend::description() const {
  return fmt::format("cpu (OpenBLAS {}, {} {} a rank)", blas_kernels(), threads_,
                     threads_ == 1 ? "thread" : "threads");
}

StepSums CpuBackend::step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange,
                          const Meanwhile& meanwhile) {
  const std::size_t size = exchange.slot_size();
  slots_.assign(exchange.slots() * size, 0.0F);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::span<float> slot = std::span(slots_).subspan(i * size, size);
    const LossSums sums = accumulate_gradient(parts[i], slot.first(layout_.size()));
    write_tail(slot, {sums.loss, sums.weight, exchange.stop_requested()});
  }
  meanwhile();
  exchange.reduce(slots_);
  const std::span<const float> total = std::span<const float>(slots_).first(size);
  const StepSums sums = read_tail(total);
  if (std::isfinite(sums.loss)) {
    const double scale = sums.weight > 0 ? 1 / sums.weight : 0;
    apply_update(total.first(layout_.size()), static_cast<float>(scale), learning_rate);
  }
  return sums;
}

LossSums CpuBackend::accumulate_gradient(const Batch& batch, std::span<float> gradient) {
  if (batch.rows == 0) return {};
  forward(batch.view(), &batch.dropout_key);
  const LossSums sums = loss_and_delta(spec_.task, spec_.n_outputs, logits_, batch.target, batch.weight);
  backward(batch, gradient);
  return sums;
}

LossSums CpuBackend::evaluate(const Batch& batch) {
  if (batch.rows == 0) return {};
  forward(batch.view(), nullptr);
  return loss_and_delta(spec_.task, spec_.n_outputs, logits_, batch.target, batch.weight);
}

void CpuBackend::predict(const BatchView& batch, std::span<float> logits) {
  if (batch.rows == 0) return;
  forward(batch, nullptr);
  std::ranges::copy(logits_, logits.begin());
}

void CpuBackend::apply_update(std::span<const float> gradient, float scale, float learning_rate) {
  scale *= clip_factor(gradient, scale, gradient_clip_);
  adamw_update(adamw_, layout_, gradient, scale, learning_rate, state_);
}

void CpuBackend::gather_inputs(const BatchView& batch) {
  input_ = batch.numeric.data();
  if (tables_.empty()) return;
  gathered_.resize(batch.rows * spec_.input_width());
  input_ = gathered_.data();
  float* to = gathered_.data();
  for (std::size_t r = 0; r < batch.rows; ++r) {
    to = std::copy_n(batch.numeric.data() + r * spec_.n_numeric, spec_.n_numeric, to);
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const std::size_t dimension = spec_.embeddings[t].dimension;
      const auto id = static_cast<std::size_t>(batch.categorical[r * tables_.size() + t]);
      to = std::copy_n(parameter(tables_[t] + id * dimension), dimension, to);
    }
  }
}

void CpuBackend::forward(const BatchView& batch, const std::vector<std::uint64_t>* dropout_keys) {
  gather_inputs(batch);
  const float* from = input_;
  for (std::size_t l = 0; l < hidden_.size(); ++l) {
    Layer& layer = hidden_[l];
    layer.values.resize(batch.rows * layer.out);
    fill_with_bias(parameter(layer.bias), batch.rows, layer.out, layer.values.data());
    add_forward({batch.rows, layer.in, layer.out}, from, parameter(layer.weight), layer.values.data());
    if (dropout_keys != nullptr) {
      layer.slopes.resize(layer.values.size());
      activate_with_slopes(spec_.activation, layer.values, layer.slopes);
      drop_out(spec_.dropout, static_cast<std::uint32_t>(l), *dropout_keys, layer.values, layer.slopes);
    } else {
      activate(spec_.activation, layer.values);
    }
    from = layer.values.data();
  }
  logits_.resize(batch.rows * output_.out);
  fill_with_bias(parameter(output_.bias), batch.rows, output_.out, logits_.data());
  add_forward({batch.rows, output_.in, output_.out}, from, parameter(output_.weight), logits_.data());
  if (spec_.skip) {
    add_forward({batch.rows, spec_.input_width(), output_.out}, input_, parameter(skip_), logits_.data());
  }
}

void CpuBackend::add_gradients(const Layer& layer, std::size_t rows, const float* delta, const float* from,
                               std::span<float> gradient) const {
  const DenseShape shape{rows, layer.in, layer.out};
  add_weight_gradient(shape, delta, from, gradient.data() + layer.weight);
  add_bias_gradient(shape, delta, gradient.data() + layer.bias);
}

void CpuBackend::backward(const Batch& batch, std::span<float> gradient) {
  delta_ = logits_;
  const Layer* above = &output_;
  for (std::size_t l = hidden_.size(); l-- > 0; above = &hidden_[l]) {
    const Layer& layer = hidden_[l];
    add_gradients(*above, batch.rows, delta_.data(), layer.values.data(), gradient);
    next_delta_.resize(batch.rows * layer.out);
    input_delta({batch.rows, above->in, above->out}, delta_.data(), parameter(above->weight), 0, 0,
                next_delta_.data());
    multiply(next_delta_, layer.slopes);
    std::swap(delta_, next_delta_);
  }
  add_gradients(*above, batch.rows, delta_.data(), input_, gradient);
  const DenseShape skip{batch.rows, spec_.input_width(), output_.out};
  if (spec_.skip) add_weight_gradient(skip, logits_.data(), input_, gradient.data() + skip_);
  if (tables_.empty()) return;
  embedding_delta_.resize(batch.rows * (spec_.input_width() - spec_.n_numeric));
  input_delta({batch.rows, above->in, above->out}, delta_.data(), parameter(above->weight), spec_.n_numeric,
              0, embedding_delta_.data());
  if (spec_.skip) {
    input_delta(skip, logits_.data(), parameter(skip_), spec_.n_numeric, 1, embedding_delta_.data());
  }
  scatter_embeddings(batch, gradient);
}

void CpuBackend::scatter_embeddings(const Batch& batch, std::span<float> gradient) const {
  const float* from = embedding_delta_.data();
  for (std::size_t r = 0; r < batch.rows; ++r) {
    for (std::size_t t = 0; t < tables_.size(); ++t) {
      const std::size_t dimension = spec_.embeddings[t].dimension;
      const auto id = static_cast<std::size_t>(batch.categorical[r * tables_.size() + t]);
      float* to = gradient.data() + tables_[t] + id * dimension;
      for (std::size_t d = 0; d < dimension; ++d) to[d] += from[d];
      from += dimension;
    }
  }
}

}  // namespace millrace
