#include "serving/metrics.hpp"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "base/prometheus_text.hpp"

namespace millrace {

const char* to_string(ArmKind kind) {
  static constexpr std::array kNames{"current", "candidate", "previous", "extra"};
  return kNames.at(static_cast<std::size_t>(kind));
}

ModelMetrics::ModelMetrics(std::string model_name, std::uint64_t model_version, ArmKind model_arm,
                           std::size_t bins)
    : model(std::move(model_name)),
      version(model_version),
      arm(model_arm),
      labels(fmt::format(R"(model="{}",version="{}",arm="{}")", label_value(model), version, to_string(arm))),
      predictions(bins) {}

void ModelMetrics::succeeded(std::size_t n_rows, const LapClock& clock) {
  const std::uint64_t total = clock.total_nanoseconds();
  add(requests);
  add(rows, n_rows);
  add(request_ns, total);
  add(input_ns, clock.nanoseconds(LapClock::kInput));
  add(queue_ns, clock.nanoseconds(LapClock::kQueue));
  add(infer_ns, clock.nanoseconds(LapClock::kInfer));
  add(output_ns, clock.nanoseconds(LapClock::kOutput));
  const auto border = std::ranges::lower_bound(kBorders, static_cast<double>(total) * 1e-9);
  add(latencies[static_cast<std::size_t>(border - kBorders.begin())]);
}

void ModelMetrics::executed(std::size_t n_rows) {
  add(executions);
  const auto power = static_cast<std::size_t>(std::bit_width(n_rows > 0 ? n_rows - 1 : 0));
  add(batches[std::min(power, kBatchBuckets - 1)]);
}

std::shared_ptr<ModelMetrics> Metrics::of(const std::string& model, std::uint64_t version, ArmKind arm,
                                          std::size_t bins) {
  const std::lock_guard lock(mutex_);
  for (const auto& known : models_) {
    if (known->model == model && known->version == version && known->arm == arm &&
        known->predictions.size() == bins)
      return known;
  }
  return models_.emplace_back(std::make_shared<ModelMetrics>(model, version, arm, bins));
}

std::vector<std::shared_ptr<const ModelMetrics>> Metrics::all() const {
  const std::lock_guard lock(mutex_);
  return {models_.begin(), models_.end()};
}

}  // namespace millrace
