#include "training/backend.hpp"

#include <algorithm>
#include <array>
#include <cmath>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "training/cpu/cpu_backend.hpp"
#include "training/trainer.hpp"

namespace millrace {

StepSums Backend::step(std::span<const Batch> parts, float learning_rate, GradientExchange& exchange) {
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::span<float> gradient = exchange.gradient(i);
    std::ranges::fill(gradient, 0.0F);
    const LossSums sums = accumulate_gradient(parts[i], gradient);
    exchange.set_sums(i, {sums.loss, sums.weight, stop_requested()});
  }
  const StepSums sums = exchange.reduce();
  if (std::isfinite(sums.loss)) {
    const double scale = sums.weight > 0 ? 1 / sums.weight : 0;
    apply_update(exchange.total(), static_cast<float>(scale), learning_rate);
  }
  return sums;
}

std::string training_device(const std::string& setting) {
  if (setting == "auto" || setting == "cpu") return "cpu";
  if (setting == "cuda") {
    throw resource_error(
        "training.device is 'cuda', but this build has no CUDA back end: set it to 'auto' or 'cpu'");
  }
  throw usage_error("training.device '{}'{}: choose one of auto, cpu, cuda", setting,
                    suggestion(setting, {"auto", "cpu", "cuda"}));
}

std::unique_ptr<Backend> make_backend(const NetworkSpec& spec, const TrainingConfig& config) {
  (void)training_device(config.device);
  return std::make_unique<CpuBackend>(spec, config);
}

}  // namespace millrace
