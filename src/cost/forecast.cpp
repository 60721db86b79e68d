#include "cost/forecast.hpp"

#include <algorithm>
#include <cmath>

namespace millrace {

namespace {

constexpr std::size_t kRunsForScaling = 3;

struct Sample {
  double core_ms = 0;
  double gpu_ms = 0;
  double bytes = 0;  // 0: unknown
};

// Newest first, `runs` being oldest first. A stage's time is weighed with what the run held.
std::vector<Sample> samples_of(const std::vector<RunUsage>& runs, const std::string& pipeline,
                               const std::string& stage) {
  std::vector<Sample> samples;
  for (auto run = runs.rbegin(); run != runs.rend() && samples.size() < kForecastRuns; ++run) {
    const auto found = std::ranges::find(run->stages, stage, &StageUsage::stage);
    if (run->pipeline != pipeline || found == run->stages.end()) continue;
    samples.push_back({static_cast<double>(found->ms * run->cores),
                       static_cast<double>(found->ms * run->gpus),
                       static_cast<double>(run->source_bytes.value_or(0))});
  }
  return samples;
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

double median_core_ms(const std::vector<Sample>& samples) {
  return median_of(samples, [](const Sample& s) { return s.core_ms; });
}
double median_core_ms_of_a_byte(const std::vector<Sample>& samples) {
  return median_of(samples, [](const Sample& s) { return s.core_ms / s.bytes; });
}

bool bytes_explain_more(const std::vector<Sample>& samples) {
  const bool known = std::ranges::all_of(samples, [](const Sample& s) { return s.bytes > 0; });
  if (!known || samples.size() < kRunsForScaling) return false;
  const double alike = median_core_ms(samples);
  const double of_a_byte = median_core_ms_of_a_byte(samples);
  double error_alike = 0;
  double error_scaled = 0;
  for (const Sample& sample : samples) {
    error_alike += std::abs(sample.core_ms - alike);
    error_scaled += std::abs(sample.core_ms - of_a_byte * sample.bytes);
  }
  return error_scaled < error_alike;
}

// Both in the same proportion to the bytes.
void scale(const std::vector<Sample>& samples, double bytes, StageForecast& forecast) {
  const double gpu_ms_of_a_byte = median_of(samples, [](const Sample& s) { return s.gpu_ms / s.bytes; });
  forecast.by_bytes = true;
  forecast.cost.core_ms = std::llround(median_core_ms_of_a_byte(samples) * bytes);
  forecast.cost.gpu_ms = std::llround(gpu_ms_of_a_byte * bytes);
}

void set_price(CostSum& cost, const Prices& prices) {
  if (prices.cpu_hour) cost.amount += price_of_time(cost.core_ms, *prices.cpu_hour);
  if (prices.gpu_hour) cost.amount += price_of_time(cost.gpu_ms, *prices.gpu_hour);
  cost.free_core_ms = prices.cpu_hour ? 0 : cost.core_ms;
  cost.free_gpu_ms = prices.gpu_hour ? 0 : cost.gpu_ms;
}

StageForecast forecast_stage(const std::string& stage, const std::vector<Sample>& samples,
                             std::optional<std::uint64_t> bytes, const Prices& prices) {
  StageForecast forecast{stage, samples.size(), false, {}};
  if (samples.empty()) return forecast;
  if (bytes && bytes_explain_more(samples)) {
    scale(samples, static_cast<double>(*bytes), forecast);
  } else {
    forecast.cost.core_ms = std::llround(median_core_ms(samples));
    forecast.cost.gpu_ms = std::llround(median_of(samples, [](const Sample& s) { return s.gpu_ms; }));
  }
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

RunForecast forecast_run(const std::vector<RunUsage>& runs, const std::string& pipeline,
                         const std::vector<std::string>& stages, std::optional<std::uint64_t> source_bytes,
                         const Prices& prices) {
  RunForecast forecast;
  for (const std::string& stage : stages)
    forecast.stages.push_back(forecast_stage(stage, samples_of(runs, pipeline, stage), source_bytes, prices));
  return forecast;
}

}  // namespace millrace
