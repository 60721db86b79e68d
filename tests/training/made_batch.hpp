// Networks, batches and states for tests of back ends.
#pragma once

#include <vector>

#include "model/random_network.hpp"
#include "training/backend.hpp"

namespace millrace::testing_support {

// Every task and activation, with and without embeddings, hidden layers, dropout and the linear path.
inline std::vector<NetworkSpec> specs() {
  std::vector<NetworkSpec> all;
  for (const Activation activation : {Activation::kRelu, Activation::kGelu, Activation::kTanh}) {
    all.push_back({Task::kBinary, 3, {{4, 2}, {3, 1}}, {5, 4}, 1, activation, 0, true});
    all.push_back({Task::kMulticlass, 2, {{5, 3}}, {7}, 4, activation, 0, false});
    all.push_back({Task::kRegression, 6, {}, {4, 3, 2}, 1, activation, 0, true});
    all.push_back({Task::kMulticlass, 0, {{5, 3}}, {}, 3, activation, 0, true});
    all.push_back({Task::kBinary, 3, {{4, 2}}, {8, 6}, 1, activation, 0.4, false});
  }
  return all;
}

inline Batch made_batch(const NetworkSpec& spec, std::size_t rows, std::uint64_t seed) {
  const RandomBatch random(spec, rows, seed);
  Batch batch{rows, random.numeric, random.categorical, {}, {}, {}};
  CounterRandom values(seed + 1);
  for (std::size_t r = 0; r < rows; ++r) {
    const double target = spec.task == Task::kRegression
                              ? values.normal()
                              : static_cast<double>(values.below(std::max<std::uint64_t>(spec.n_outputs, 2)));
    batch.target.push_back(static_cast<float>(target));
    batch.weight.push_back(static_cast<float>(0.25 + values.uniform()));
    batch.dropout_key.push_back(derive_key({seed, r}));
  }
  return batch;
}

inline OptimizerState state_of(const NetworkSpec& spec, std::uint64_t seed) {
  OptimizerState state;
  state.parameters = random_parameters(spec, seed);
  state.first_moment.resize(state.parameters.size());
  state.second_moment.resize(state.parameters.size());
  return state;
}

}  // namespace millrace::testing_support
