// Training on the CPU: OpenBLAS for the matrix products, plain vectorised loops for the rest. Given the same
// batches and the same number of threads its results are the same, bit for bit.
#pragma once

#include "config/pipeline_config.hpp"
#include "training/backend.hpp"
#include "training/cpu/adamw.hpp"
#include "training/cpu/dense.hpp"

namespace millrace {

class CpuBackend final : public Backend {
 public:
  CpuBackend(const NetworkSpec& spec, const TrainingConfig& config);

  [[nodiscard]] std::string description() const override;
  void load(const OptimizerState& state) override { state_ = state; }
  void store(OptimizerState& state) const override { state = state_; }
  StepSums step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange,
                const Meanwhile& meanwhile) override;
  LossSums accumulate_gradient(const Batch& batch, std::span<float> gradient) override;
  void apply_update(std::span<const float> gradient, float scale, float learning_rate) override;
  LossSums evaluate(const Batch& batch) override;
  void predict(const BatchView& batch, std::span<float> logits) override;

 private:
  struct Layer {
    std::size_t in = 0;
    std::size_t out = 0;
    std::size_t weight = 0;  // offsets in the flat buffers
    std::size_t bias = 0;
    std::vector<float> values;  // rows × out, after the activation (and dropout)
    std::vector<float> slopes;  // rows × out
  };

  [[nodiscard]] Layer make_layer(const std::string& name) const;
  [[nodiscard]] const float* parameter(std::size_t offset) const { return state_.parameters.data() + offset; }

  // Into logits_, from input_: with slopes and dropout where there are keys for the masks.
  void forward(const BatchView& batch, const std::vector<std::uint64_t>* dropout_keys);
  void gather_inputs(const BatchView& batch);
  // From logits_, which hold ∂loss/∂logits; adds to `gradient`.
  void backward(const Batch& batch, std::span<float> gradient);
  // Weight and bias gradients of a layer with inputs `from`.
  void add_gradients(const Layer& layer, std::size_t rows, const float* delta, const float* from,
                     std::span<float> gradient) const;
  // Adds embedding_delta_ to the rows of the embedding tables, row by row: the order is always the same.
  void scatter_embeddings(const Batch& batch, std::span<float> gradient) const;

  NetworkSpec spec_;
  ParameterLayout layout_;
  AdamwSettings adamw_;
  double gradient_clip_;
  std::uint32_t threads_;
  OptimizerState state_;
  std::vector<float> slots_;  // what step() hands to the exchange

  std::vector<std::size_t> tables_;  // offsets of the embeddings
  std::vector<Layer> hidden_;
  Layer output_;
  std::size_t skip_ = 0;  // offset of skip.weight where there is one

  const float* input_ = nullptr;  // rows × input_width(): the batch itself where there are no embeddings
  std::vector<float> gathered_;
  std::vector<float> logits_;
  std::vector<float> delta_;
  std::vector<float> next_delta_;
  std::vector<float> embedding_delta_;  // rows × (input_width() − n_numeric)
};

}  // namespace millrace
