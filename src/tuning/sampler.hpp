// How a trial's values are chosen. A choice is a function of (seed, trial, what is known of earlier trials):
// random numbers are drawn by counters, so it does not matter when, where or how often one asks.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "base/random.hpp"
#include "tuning/space.hpp"

namespace millrace::tuning {

class Sampler {
 public:
  Sampler() = default;
  virtual ~Sampler() = default;
  Sampler(const Sampler&) = delete;
  Sampler& operator=(const Sampler&) = delete;

  // Whether suggest() looks at what is known.
  [[nodiscard]] virtual bool looks_back() const { return false; }
  // The values of a trial. `known`: those of earlier trials, the best first. `attempt` counts how often this
  // trial's values turned out to have been tried before. Nothing where there are none left.
  [[nodiscard]] virtual std::optional<Assignment> suggest(std::uint64_t trial, std::uint64_t attempt,
                                                          const std::vector<Assignment>& known) const = 0;
};

// Throws kSearchSpace where the space has no grid to search.
std::unique_ptr<Sampler> make_sampler(const TuningConfig& config, const SearchSpace& space);

// For samplers: the stream of one value.
CounterRandom stream(std::uint64_t seed, std::uint64_t trial, std::uint64_t attempt, std::uint64_t parameter);
Json draw(const Parameter& parameter, CounterRandom& random);

}  // namespace millrace::tuning
