#include "cost/forecast.hpp"

#include <algorithm>
#include <cmath>
#include <functional>

namespace millrace {

namespace {

constexpr std::size_t kRunsToTell = 3;
constexpr double kSame = 1 - 1e-9;  // sums that differ by less do so by rounding

// Which parts of a stage's size its time is in proportion to.
struct Factors {
  bool bytes = false;
  bool epochs = false;
};

Factors factors_of(const std::string& stage) {
  const bool reads = stage == "ingest" || stage == "validate" || stage == "features" || stage == "evaluate";
  return {reads || stage == "train", stage == "train"};
}

struct Sample {
  double core_ms = 0;
  double gpu_ms = 0;
  double bytes = 0;   // 0: unknown
  double epochs = 0;  // 0: unknown

  [[nodiscard]] double size(const Factors& factors) const {
    return (factors.bytes ? bytes : 1) * (factors.epochs ? epochs : 1);
  }
};

using Filter = std::function<bool(const RunUsage&)>;

// Newest first, `runs` being oldest first. A stage's time is weighed with what the run held.
std::vector<Sample> samples_of(const std::vector<RunUsage>& runs, const std::string& stage,
                               const ComingRun& coming, const Filter& counts) {
  const bool is_alone = !factors_of(stage).bytes;
  std::vector<Sample> samples;
  for (auto run = runs.rbegin(); run != runs.rend() && samples.size() < kForecastRuns; ++run) {
    const auto found = std::ranges::find(run->stages, stage, &StageUsage::stage);
    if (run->pipeline != coming.pipeline || found == run->stages.end() || !counts(*run)) continue;
    const std::int64_t cores = is_alone && coming.cores > 0 ? coming.cores : run->cores;
    samples.push_back({static_cast<double>(found->ms * cores), static_cast<double>(found->ms * run->gpus),
                       static_cast<double>(run->source_bytes.value_or(0)),
                       static_cast<double>(run->epochs.value_or(0))});
  }
  return samples;
}

std::vector<Sample> samples_of(const std::vector<RunUsage>& runs, const std::string& stage,
                               const ComingRun& coming) {
  const auto has_gpus_alike = [&](const RunUsage& run) {
    return !coming.with_gpus || *coming.with_gpus == (run.gpus > 0);
  };
  auto alike = samples_of(runs, stage, coming, [&](const RunUsage& run) {
    return has_gpus_alike(run) && run.cores == coming.cores;
  });
  if (!alike.empty()) return alike;
  return samples_of(runs, stage, coming,
                    [&](const RunUsage& run) { return stage != "train" || has_gpus_alike(run); });
}

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return (values[(values.size() - 1) / 2] + values[values.size() / 2]) / 2;
}

template <class Value>
double median_of(const std::vector<Sample>& samples, Value&& value) {
  std::vector<double> values;
  for (const Sample& sample : samples) values.push_back(value(sample));
  return median(std::move(values));
}

double core_ms_of_one(const std::vector<Sample>& samples, const Factors& factors) {
  return median_of(samples, [&](const Sample& s) { return s.core_ms / s.size(factors); });
}

double error_of(const std::vector<Sample>& samples, const Factors& factors) {
  const double of_one = core_ms_of_one(samples, factors);
  double sum = 0;
  for (const Sample& sample : samples) sum += std::abs(sample.core_ms - of_one * sample.size(factors));
  return sum;
}

// Of those that are known everywhere, those that explain most.
Factors choose_factors(Factors all, const std::vector<Sample>& samples, const Sample& coming) {
  const auto known = [&](double Sample::*part) {
    return coming.*part > 0 && std::ranges::all_of(samples, [&](const Sample& s) { return s.*part > 0; });
  };
  all = {all.bytes && known(&Sample::bytes), all.epochs && known(&Sample::epochs)};
  if (samples.size() < kRunsToTell) return all;
  Factors best = all;
  for (const Factors& fewer : {Factors{all.bytes, false}, Factors{false, all.epochs}, Factors{}}) {
    if (error_of(samples, fewer) < kSame * error_of(samples, best)) best = fewer;
  }
  return best;
}

void set_price(CostSum& cost, const Prices& prices) {
  charge_time(cost.core_ms, prices.cpu_hour, cost, cost.free_core_ms);
  charge_time(cost.gpu_ms, prices.gpu_hour, cost, cost.free_gpu_ms);
}

StageForecast forecast_stage(const std::string& stage, const std::vector<Sample>& samples,
                             const ComingRun& run, const Prices& prices) {
  StageForecast forecast{stage, samples.size(), false, false, {}};
  if (samples.empty()) return forecast;
  const Sample coming{0, 0, static_cast<double>(run.source_bytes.value_or(0)),
                      static_cast<double>(run.epochs.value_or(0))};
  const Factors factors = choose_factors(factors_of(stage), samples, coming);
  const double size = coming.size(factors);
  forecast.by_bytes = factors.bytes;
  forecast.by_epochs = factors.epochs;
  forecast.cost.core_ms = std::llround(size * core_ms_of_one(samples, factors));
  forecast.cost.gpu_ms =
      std::llround(size * median_of(samples, [&](const Sample& s) { return s.gpu_ms / s.size(factors); }));
  set_price(forecast.cost, prices);
  return forecast;
}

}  // namespace

CostSum RunForecast::cost() const {
  CostSum sum;
  for (const StageForecast& stage : stages) sum += stage.cost;
  return sum;
}

std::vector<std::string> RunForecast::unknown() const {
  std::vector<std::string> names;
  for (const StageForecast& stage : stages) {
    if (stage.runs == 0) names.push_back(stage.stage);
  }
  return names;
}

RunForecast forecast_run(const std::vector<RunUsage>& runs, const ComingRun& coming, const Prices& prices) {
  RunForecast forecast;
  for (const std::string& stage : coming.stages)
    forecast.stages.push_back(forecast_stage(stage, samples_of(runs, stage, coming), coming, prices));
  return forecast;
}

}  // namespace millrace
