// The network as data: a multilayer perceptron over numeric inputs and embeddings, with an optional linear
// path from the inputs to the outputs. Training trains it, serving runs it.
//
//   x = concat(numeric, embedding[0][id0], embedding[1][id1], …)                 width input_width()
//   h₁ = act(W₁x + b₁), …;  logits = W_out·h_last + b_out (+ W_skip·x)
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "model/kinds.hpp"
#include "model/packed_dense.hpp"

namespace millrace {

const char* to_string(Activation activation);
const char* to_string(Task task);
Activation parse_activation(const std::string& name);
Task parse_task(const std::string& name);

struct EmbeddingTable {
  std::uint32_t cardinality = 0;
  std::uint32_t dimension = 0;
};

struct NetworkSpec {
  Task task = Task::kBinary;
  std::uint32_t n_numeric = 0;
  std::vector<EmbeddingTable> embeddings;
  std::vector<std::uint32_t> hidden;
  std::uint32_t n_outputs = 1;  // 1 for binary and regression, classes for multiclass
  Activation activation = Activation::kRelu;
  double dropout = 0;  // of hidden activations, in training only
  bool skip = false;

  [[nodiscard]] std::uint32_t input_width() const;
};
void to_json(Json& json, const NetworkSpec& spec);
void from_json(const Json& json, NetworkSpec& spec);

// A matrix or vector within the flat parameter buffer. Weights are row-major [out × in]: y = W·x + b.
struct ParameterSlice {
  std::string name;  // "embedding.0", "hidden.0.weight", "hidden.0.bias", "output.weight", "output.bias",
                     // "skip.weight"
  std::size_t offset = 0;
  std::uint32_t rows = 0;
  std::uint32_t columns = 0;
  bool decay = false;  // weight decay applies (matrices; not biases, not embeddings)
  [[nodiscard]] std::size_t size() const { return std::size_t{rows} * columns; }
};

// Where each parameter lies in one flat float buffer: one buffer to all-reduce, to update and to store.
// Slices begin at multiples of 16 floats (a cache line; what vector loads and GPU libraries like); the gaps
// hold zeros.
class ParameterLayout {
 public:
  explicit ParameterLayout(const NetworkSpec& spec);
  [[nodiscard]] const std::vector<ParameterSlice>& slices() const { return slices_; }
  // Throws kInternal where there is no such slice.
  [[nodiscard]] const ParameterSlice& operator[](const std::string& name) const;
  [[nodiscard]] std::size_t size() const { return size_; }    // of the buffer, gaps included
  [[nodiscard]] std::size_t count() const { return count_; }  // of parameters

 private:
  void add(std::string name, std::uint32_t rows, std::uint32_t columns, bool decay);

  std::vector<ParameterSlice> slices_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

// He (relu, gelu) or Glorot (tanh, outputs) normal, embeddings N(0, 0.05²), biases 0; a function of (spec,
// seed) alone.
std::vector<float> initial_parameters(const NetworkSpec& spec, std::uint64_t seed);

struct BatchView {
  std::size_t rows = 0;
  std::span<const float> numeric;  // rows × n_numeric, row-major
  std::span<const std::int32_t>
      categorical;  // rows × embeddings.size(); each id within its table's cardinality
};

// The forward pass on the CPU without a BLAS: for serving, golden rows, and as the oracle of every back end.
// A row's logits do not depend on the batch it comes in: sums always run over the inputs in order.
// Thread-safe for concurrent calls with different workspaces.
class Network {
 public:
  Network(NetworkSpec spec, std::vector<float> parameters);  // throws kInternal where sizes do not fit

  [[nodiscard]] const NetworkSpec& spec() const { return spec_; }
  [[nodiscard]] std::span<const float> parameters() const { return parameters_; }

  // Scratch space that grows to the largest batch seen (up to a block of rows); then nothing is allocated.
  struct Workspace {
    std::vector<float> input, current, next;
  };
  // logits: rows × n_outputs.
  void forward(const BatchView& batch, Workspace& workspace, std::span<float> logits) const;

 private:
  void forward_block(const BatchView& batch, std::size_t first, std::size_t rows, Workspace& workspace,
                     std::span<float> logits) const;
  // The rows' network inputs and the distance between them: `batch` itself where there are no embeddings.
  const float* gather_inputs(const BatchView& batch, std::size_t first, std::size_t rows,
                             std::vector<float>& input) const;

  NetworkSpec spec_;
  std::vector<float> parameters_;
  std::vector<std::size_t> embedding_offsets_;  // of each table in parameters_
  std::vector<PackedDense> hidden_;
  PackedDense output_;
  std::optional<PackedDense> skip_;
};

// In place: sigmoid for binary, softmax by row for multiclass, nothing for regression.
void logits_to_predictions(Task task, std::size_t n_outputs, std::span<float> values);

}  // namespace millrace
