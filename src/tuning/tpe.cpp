#include "tuning/tpe.hpp"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>
#include <span>

namespace millrace::tuning {

namespace {

constexpr int kCandidates = 24;
constexpr std::size_t kMostGood = 25;
constexpr std::uint64_t kHopefulAttempts = 20;  // what is likeliest was all tried before: draw at random

// Of a parameter's values. A prior over the whole space counts as one value more.
class Density {
 public:
  Density() = default;
  virtual ~Density() = default;
  Density(const Density&) = delete;
  Density& operator=(const Density&) = delete;

  [[nodiscard]] virtual double draw(CounterRandom& random) const = 0;
  [[nodiscard]] virtual double log_density(double place) const = 0;
};

// Places are numbers of choices. One is added to each count.
class ChoiceDensity : public Density {
 public:
  ChoiceDensity(std::size_t choices, const std::vector<double>& seen) : weights_(choices, 1.0) {
    for (const double place : seen) weights_.at(static_cast<std::size_t>(place)) += 1;
    for (const double weight : weights_) total_ += weight;
  }

  [[nodiscard]] double draw(CounterRandom& random) const override {
    double left = random.uniform() * total_;
    std::size_t choice = 0;
    while (choice + 1 < weights_.size() && left >= weights_[choice]) left -= weights_[choice++];
    return static_cast<double>(choice);
  }
  [[nodiscard]] double log_density(double place) const override {
    return std::log(weights_.at(static_cast<std::size_t>(place)) / total_);
  }

 private:
  std::vector<double> weights_;
  double total_ = 0;
};

// Normal distributions cut off at the line's ends, one around each place that was seen, as wide as the gap to
// the farther neighbour, and the prior in the middle, as wide as the line. The narrowest is min(100, n + 1)
// times narrower than the prior, as hyperopt has it.
class LineDensity : public Density {
 public:
  LineDensity(double begin, double end, std::vector<double> seen) : begin_(begin), end_(end) {
    std::ranges::sort(seen);
    const double length = end - begin;
    const double narrowest = length / std::min(100.0, 1.0 + static_cast<double>(seen.size()));
    for (std::size_t i = 0; i < seen.size(); ++i) {
      const double left = seen[i] - (i > 0 ? seen[i - 1] : begin);
      const double right = (i + 1 < seen.size() ? seen[i + 1] : end) - seen[i];
      add(seen[i], std::clamp(std::max(left, right), narrowest, length));
    }
    add((begin + end) / 2, length);
  }

  [[nodiscard]] double draw(CounterRandom& random) const override {
    const Kernel& kernel = kernels_[random.below(kernels_.size())];
    constexpr int kMostDraws = 64;  // a kernel's centre is on the line: one in three at least falls there
    for (int i = 0; i < kMostDraws; ++i) {
      const double place = kernel.centre + kernel.width * random.normal();
      if (place >= begin_ && place <= end_) return place;
    }
    return kernel.centre;
  }
  [[nodiscard]] double log_density(double place) const override {
    double sum = 0;
    for (const Kernel& kernel : kernels_) {
      const double z = (place - kernel.centre) / kernel.width;
      sum += kernel.height * std::exp(-z * z / 2);
    }
    return std::log(sum / static_cast<double>(kernels_.size()));
  }

 private:
  struct Kernel {
    double centre;
    double width;
    double height;  // of the density at the centre
  };

  void add(double centre, double width) {
    if (width <= 0) return kernels_.push_back({centre, 1, 1});  // a line of one value
    const auto below = [&](double place) {
      return std::erfc(-(place - centre) / width / std::numbers::sqrt2) / 2;
    };
    const double mass = below(end_) - below(begin_);
    kernels_.push_back({centre, width, 1 / (mass * width * std::sqrt(2 * std::numbers::pi))});
  }

  double begin_;
  double end_;
  std::vector<Kernel> kernels_;
};

double place_of(const Parameter& parameter, const Json& value) {
  return parameter.is_choice() ? static_cast<double>(parameter.choice_of(value))
                               : parameter.position_of(value);
}
Json value_at(const Parameter& parameter, double place) {
  return parameter.is_choice() ? parameter.level(static_cast<std::uint64_t>(place)) : parameter.at(place);
}

// Of the trials in which the parameter counted.
std::unique_ptr<Density> density(const Parameter& parameter, std::span<const Assignment> trials) {
  std::vector<double> seen;
  for (const Assignment& trial : trials) {
    const auto value = trial.find(parameter.key());
    if (value != trial.end()) seen.push_back(place_of(parameter, value->second));
  }
  if (parameter.is_choice()) return std::make_unique<ChoiceDensity>(*parameter.levels(), seen);
  return std::make_unique<LineDensity>(parameter.line_begin(), parameter.line_end(), std::move(seen));
}

Json most_promising(const Parameter& parameter, const Density& good, const Density& others,
                    CounterRandom& random) {
  double best_place = 0;
  double best = -std::numeric_limits<double>::infinity();
  for (int i = 0; i < kCandidates; ++i) {
    const double place = good.draw(random);
    const double gain = good.log_density(place) - others.log_density(place);
    if (gain > best) {
      best = gain;
      best_place = place;
    }
  }
  return value_at(parameter, best_place);
}

}  // namespace

std::size_t good_trials(std::size_t n) {
  return std::min((n + 9) / 10, kMostGood);
}

TpeSampler::TpeSampler(const SearchSpace& space, std::uint64_t seed, std::uint32_t startup)
    : space_(space), seed_(seed), startup_(startup) {}

std::optional<Assignment> TpeSampler::suggest(std::uint64_t trial, std::uint64_t attempt,
                                              const std::vector<Assignment>& known) const {
  const std::span<const Assignment> all(known);
  const std::size_t good = good_trials(known.size());
  return space_.assign([&](std::size_t index, const Parameter& parameter) {
    CounterRandom random = stream(seed_, trial, attempt, index);
    if (known.size() < startup_ || attempt >= kHopefulAttempts) return draw(parameter, random);
    return most_promising(parameter, *density(parameter, all.first(good)),
                          *density(parameter, all.subspan(good)), random);
  });
}

}  // namespace millrace::tuning
