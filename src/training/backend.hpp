// The computing half of training: where parameters and optimizer state live, and what a step does with them.
//
// The CPU back end is complete and is the oracle of any other. A step is one call, so that gradients need not
// leave a device between its parts; streams and buffers are the back end's own affair. Calls come from one
// thread. Gradients, parameters and moments are flat buffers as ParameterLayout says. An interface without
// code: a back end may live in a module that is loaded at run time (training/device_module.hpp).
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/network.hpp"
#include "training/batch.hpp"
#include "training/gradient_exchange.hpp"

namespace millrace {

// What AdamW keeps: everything that a step changes.
struct OptimizerState {
  std::vector<float> parameters;
  std::vector<float> first_moment;
  std::vector<float> second_moment;
  std::uint64_t updates = 0;
};

// Sums over rows: Σ weight · loss and Σ weight.
struct LossSums {
  double loss = 0;
  double weight = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  Backend() = default;
  Backend(const Backend&) = delete;
  Backend& operator=(const Backend&) = delete;

  [[nodiscard]] virtual std::string description() const = 0;  // "cpu (OpenBLAS, 1 thread a rank)"

  virtual void load(const OptimizerState& state) = 0;
  virtual void store(OptimizerState& state) const = 0;

  // One complete step, collective: the gradients of this rank's parts (one for each of its groups) are summed
  // over all ranks by `exchange`, divided by the sum of weights and applied. A loss that is no number leaves
  // the parameters as they were. Returns the sums over all ranks and parts. `meanwhile` is called once, as
  // soon as the parts have been read and may be changed: on a device, which is then still computing, it costs
  // nothing.
  using Meanwhile = std::function<void()>;
  virtual StepSums step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange,
                        const Meanwhile& meanwhile) = 0;

  // Adds Σ weight · ∂loss/∂parameters over the rows to `gradient`. Dropout applies.
  virtual LossSums accumulate_gradient(const Batch& batch, std::span<float> gradient) = 0;
  // One AdamW update with gradient · scale.
  virtual void apply_update(std::span<const float> gradient, float scale, float learning_rate) = 0;
  // Without dropout.
  virtual LossSums evaluate(const Batch& batch) = 0;
  // logits: rows × n_outputs.
  virtual void predict(const BatchView& batch, std::span<float> logits) = 0;
};

}  // namespace millrace
