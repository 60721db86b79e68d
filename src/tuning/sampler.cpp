#include "tuning/sampler.hpp"

#include "tuning/tpe.hpp"

namespace millrace::tuning {

namespace {

constexpr std::uint64_t kTuningStream = 0x74756e65;  // apart from the streams of training with the same seed

class RandomSampler : public Sampler {
 public:
  RandomSampler(const SearchSpace& space, std::uint64_t seed) : space_(space), seed_(seed) {}

  [[nodiscard]] std::optional<Assignment> suggest(std::uint64_t trial, std::uint64_t attempt,
                                                  const std::vector<Assignment>&) const override {
    return space_.assign([&](std::size_t index, const Parameter& parameter) {
      CounterRandom random = stream(seed_, trial, attempt, index);
      return draw(parameter, random);
    });
  }

 private:
  SearchSpace space_;
  std::uint64_t seed_;
};

// The first trial is the configuration as it stands: the grid begins at the second.
class GridSampler : public Sampler {
 public:
  explicit GridSampler(const SearchSpace& space) : space_(space) { (void)space_.grid_point(0); }

  [[nodiscard]] std::optional<Assignment> suggest(std::uint64_t trial, std::uint64_t,
                                                  const std::vector<Assignment>&) const override {
    return space_.grid_point(trial - 1);
  }

 private:
  SearchSpace space_;
};

}  // namespace

CounterRandom stream(std::uint64_t seed, std::uint64_t trial, std::uint64_t attempt,
                     std::uint64_t parameter) {
  return CounterRandom(derive_key({kTuningStream, seed, trial, attempt, parameter}));
}

Json draw(const Parameter& parameter, CounterRandom& random) {
  if (parameter.is_choice()) return parameter.level(random.below(*parameter.levels()));
  const double length = parameter.line_end() - parameter.line_begin();
  return parameter.at(parameter.line_begin() + random.uniform() * length);
}

std::unique_ptr<Sampler> make_sampler(const TuningConfig& config, const SearchSpace& space) {
  if (config.search == "grid") return std::make_unique<GridSampler>(space);
  if (config.search == "random") return std::make_unique<RandomSampler>(space, config.seed);
  return std::make_unique<TpeSampler>(space, config.seed, config.startup);
}

}  // namespace millrace::tuning
