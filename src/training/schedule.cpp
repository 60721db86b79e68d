#include "training/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace millrace {

double learning_rate(const TrainingConfig& config, std::uint64_t step, std::uint64_t steps) {
  const auto total = static_cast<double>(steps);
  const double warmup = std::floor(config.warmup * total);
  const auto at = static_cast<double>(step);
  if (at < warmup) return config.learning_rate * (at + 1) / warmup;
  if (config.schedule == "constant") return config.learning_rate;
  const double progress = (at - warmup) / std::max(total - warmup, 1.0);
  return config.learning_rate * 0.5 * (1 + std::cos(std::numbers::pi * progress));
}

}  // namespace millrace
