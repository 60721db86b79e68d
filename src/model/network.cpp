#include "model/network.hpp"

#include <algorithm>
#include <cmath>

#include "model/activation.hpp"

namespace millrace {

namespace {

constexpr std::size_t kBlockRows = 64;  // rows whose activations stay in cache from layer to layer

void softmax(std::span<float> row) {
  const float largest = std::ranges::max(row);
  float sum = 0;
  for (float& value : row) sum += value = std::exp(value - largest);
  for (float& value : row) value /= sum;
}

float* room_for(std::vector<float>& buffer, std::size_t size) {
  if (buffer.size() < size) buffer.resize(size);
  return buffer.data();
}

}  // namespace

Network::Network(NetworkSpec spec, std::vector<float> parameters)
    : spec_(std::move(spec)), parameters_(std::move(parameters)) {
  const ParameterLayout layout(spec_);
  if (parameters_.size() != layout.size()) {
    throw internal_error("a network of {} floats was given {}", layout.size(), parameters_.size());
  }
  const auto values = [&](const ParameterSlice& slice) {
    return std::span<const float>(parameters_).subspan(slice.offset, slice.size());
  };
  const auto packed = [&](const std::string& name, bool bias) {
    const ParameterSlice& weight = layout[name + ".weight"];
    return PackedDense(values(weight), bias ? values(layout[name + ".bias"]) : std::span<const float>(),
                       weight.columns, weight.rows);
  };
  for (std::size_t i = 0; i < spec_.embeddings.size(); ++i) {
    embedding_offsets_.push_back(layout[fmt::format("embedding.{}", i)].offset);
  }
  for (std::size_t i = 0; i < spec_.hidden.size(); ++i) {
    hidden_.push_back(packed(fmt::format("hidden.{}", i), true));
  }
  output_ = packed("output", true);
  if (spec_.skip) skip_ = packed("skip", false);
}

void Network::forward(const BatchView& batch, Workspace& workspace, std::span<float> logits) const {
  if (logits.size() < batch.rows * spec_.n_outputs || batch.numeric.size() < batch.rows * spec_.n_numeric ||
      batch.categorical.size() < batch.rows * spec_.embeddings.size()) {
    throw internal_error("a batch of {} rows does not fit its buffers", batch.rows);
  }
  for (std::size_t first = 0; first < batch.rows; first += kBlockRows) {
    forward_block(batch, first, std::min(kBlockRows, batch.rows - first), workspace, logits);
  }
}

const float* Network::gather_inputs(const BatchView& batch, std::size_t first, std::size_t rows,
                                    std::vector<float>& input) const {
  const float* numeric = batch.numeric.data() + first * spec_.n_numeric;
  if (spec_.embeddings.empty()) return numeric;
  const std::size_t tables = spec_.embeddings.size();
  float* to = room_for(input, rows * spec_.input_width());
  for (std::size_t r = 0; r < rows; ++r) {
    to = std::copy_n(numeric + r * spec_.n_numeric, spec_.n_numeric, to);
    const std::int32_t* ids = batch.categorical.data() + (first + r) * tables;
    for (std::size_t t = 0; t < tables; ++t) {
      const std::size_t dimension = spec_.embeddings[t].dimension;
      const auto id = static_cast<std::size_t>(ids[t]);
      to = std::copy_n(parameters_.data() + embedding_offsets_[t] + id * dimension, dimension, to);
    }
  }
  return input.data();
}

void Network::forward_block(const BatchView& batch, std::size_t first, std::size_t rows, Workspace& workspace,
                            std::span<float> logits) const {
  const float* input = gather_inputs(batch, first, rows, workspace.input);
  const float* from = input;
  std::size_t from_stride = spec_.input_width();
  for (const PackedDense& layer : hidden_) {
    float* to = room_for(workspace.next, rows * layer.stride());
    layer.apply(from, from_stride, rows, to);
    activate(spec_.activation, {to, rows * layer.stride()});
    std::swap(workspace.current, workspace.next);
    from = workspace.current.data();
    from_stride = layer.stride();
  }
  float* to = room_for(workspace.next, rows * output_.stride());
  output_.apply(from, from_stride, rows, to);
  if (skip_) skip_->add(input, spec_.input_width(), rows, to);
  for (std::size_t r = 0; r < rows; ++r) {
    std::copy_n(to + r * output_.stride(), spec_.n_outputs, logits.data() + (first + r) * spec_.n_outputs);
  }
}

void logits_to_predictions(Task task, std::size_t n_outputs, std::span<float> values) {
  if (task == Task::kBinary) {
    for (float& value : values) value = 1 / (1 + std::exp(-value));
  } else if (task == Task::kMulticlass) {
    for (std::size_t at = 0; at < values.size(); at += n_outputs) softmax(values.subspan(at, n_outputs));
  }
}

}  // namespace millrace
