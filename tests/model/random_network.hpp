// Random networks and batches for tests of model/ and training/.
#pragma once

#include <vector>

#include "base/random.hpp"
#include "model/network.hpp"

namespace millrace::testing_support {

// The initial parameters with biases that are not zero, so that tests see them.
inline std::vector<float> random_parameters(const NetworkSpec& spec, std::uint64_t seed) {
  std::vector<float> parameters = initial_parameters(spec, seed);
  CounterRandom random(derive_key({seed, 77}));
  const ParameterLayout layout(spec);
  for (const ParameterSlice& slice : layout.slices()) {
    for (std::size_t i = 0; i < slice.size() && !slice.decay; ++i) {
      parameters[slice.offset + i] = static_cast<float>(0.3 * random.normal());
    }
  }
  return parameters;
}

struct RandomBatch {
  std::size_t rows;
  std::vector<float> numeric;
  std::vector<std::int32_t> categorical;

  RandomBatch(const NetworkSpec& spec, std::size_t n, std::uint64_t seed) : rows(n) {
    CounterRandom random(seed);
    for (std::size_t i = 0; i < n * spec.n_numeric; ++i) {
      numeric.push_back(static_cast<float>(random.normal()));
    }
    for (std::size_t r = 0; r < n; ++r) {
      for (const EmbeddingTable& table : spec.embeddings) {
        categorical.push_back(static_cast<std::int32_t>(random.below(table.cardinality)));
      }
    }
  }
  [[nodiscard]] BatchView view() const { return {rows, numeric, categorical}; }
  [[nodiscard]] BatchView row(const NetworkSpec& spec, std::size_t r) const {
    const std::size_t tables = spec.embeddings.size();
    return {1, std::span(numeric).subspan(r * spec.n_numeric, spec.n_numeric),
            std::span(categorical).subspan(r * tables, tables)};
  }
};

}  // namespace millrace::testing_support
