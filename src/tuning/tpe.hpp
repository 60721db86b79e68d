// The tree-structured Parzen estimator: J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, "Algorithms for
// hyper-parameter optimization", NeurIPS 2011, section 4. The known trials are cut into a few good ones and
// the others; each parameter has a density of its values among either, l and g; of some draws from l the one
// with the greatest l/g is taken, parameter by parameter.
#pragma once

#include "tuning/sampler.hpp"

namespace millrace::tuning {

// The good ones among n: ceil(n/10), at most 25, as Optuna has it.
std::size_t good_trials(std::size_t n);

class TpeSampler : public Sampler {
 public:
  // Draws at random while fewer than `startup` trials are known.
  TpeSampler(const SearchSpace& space, std::uint64_t seed, std::uint32_t startup);

  [[nodiscard]] bool looks_back() const override { return true; }
  [[nodiscard]] std::optional<Assignment> suggest(std::uint64_t trial, std::uint64_t attempt,
                                                  const std::vector<Assignment>& known) const override;

 private:
  SearchSpace space_;
  std::uint64_t seed_;
  std::uint32_t startup_;
};

}  // namespace millrace::tuning
