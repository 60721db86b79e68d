#include "cost/allocation.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include "base/text.hpp"
#include "cost/budget.hpp"

namespace millrace {

namespace {

constexpr double kHourSeconds = 3600;

std::optional<std::int64_t> positive(std::string_view text) {
  std::int64_t number = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool whole = end.ec == std::errc() && end.ptr == text.data() + text.size();
  return whole && number > 0 ? std::optional(number) : std::nullopt;
}

// "4" or "4(x2)"
std::optional<std::int64_t> nodes_alike(std::string_view item) {
  const auto bracket = item.find("(x");
  if (bracket == std::string_view::npos) return positive(item);
  if (!item.ends_with(')')) return std::nullopt;
  const auto each = positive(item.substr(0, bracket));
  const auto nodes = positive(item.substr(bracket + 2, item.size() - bracket - 3));
  return each && nodes ? std::optional(*each * *nodes) : std::nullopt;
}

std::int64_t own_cores(const PipelineConfig& config, int ranks) {
  return static_cast<std::int64_t>(ranks) *
         std::max<std::int64_t>({1, config.data.threads, config.training.threads});
}

// Slurm says how many GPUs this node gives; jobs have the same number on each.
std::int64_t job_gpus(const Variables& variables) {
  const auto here = positive(variables("SLURM_GPUS_ON_NODE"));
  const auto nodes = positive(variables("SLURM_JOB_NUM_NODES"));
  return here ? *here * nodes.value_or(1) : 0;
}

Json prices_json(const PriceTable& prices) {
  Json json = Json::object();
  if (prices.cpu_hour) json["cpu_hour"] = *prices.cpu_hour;
  if (prices.gpu_hour) json["gpu_hour"] = *prices.gpu_hour;
  return json;
}

}  // namespace

std::string environment_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::optional<std::int64_t> sum_over_nodes(const std::string& list) {
  std::int64_t sum = 0;
  for (const std::string& item : split(list, ',')) {
    const auto part = nodes_alike(item);
    if (!part) return std::nullopt;
    sum += *part;
  }
  return sum;
}

Allocation allocation(const PipelineConfig& config, int ranks, const Variables& variables) {
  const std::string job = variables("SLURM_JOB_ID");
  const std::int64_t own = own_cores(config, ranks);
  if (job.empty()) return {own, 0, ""};
  return {sum_over_nodes(variables("SLURM_JOB_CPUS_PER_NODE")).value_or(own), job_gpus(variables), job};
}

Json begun_cost(const PipelineConfig& config, const Allocation& held) {
  const Payer payer = payer_of(config);
  Json cost{{"team", payer.team},
            {"model", payer.model},
            {"currency", config.cost.currency},
            {"prices", prices_json(config.cost.prices)},
            {"cores", held.cores},
            {"gpus", held.gpus},
            {"epochs", config.training.epochs}};
  if (!held.slurm_job.empty()) cost["slurm_job"] = held.slurm_job;
  return cost;
}

void complete_cost(Json& cost, int ranks, double wall_seconds) {
  const double hours = wall_seconds / kHourSeconds;
  cost["wall_seconds"] = wall_seconds;
  cost["rank_seconds"] = wall_seconds * ranks;
  cost["core_hours"] = hours * static_cast<double>(cost.value("cores", std::int64_t{0}));
  cost["gpu_hours"] = hours * static_cast<double>(cost.value("gpus", std::int64_t{0}));
  const CostSum sum = recorded_cost(cost);
  if (sum.free_core_ms == 0 && sum.free_gpu_ms == 0) cost["amount"] = sum.amount.value();
}

CostSum recorded_cost(const Json& cost) {
  const std::int64_t ms = std::llround(cost.value("wall_seconds", 0.0) * 1000);
  CostSum sum;
  sum.core_ms = ms * cost.value("cores", std::int64_t{0});
  sum.gpu_ms = ms * cost.value("gpus", std::int64_t{0});
  charge_time(sum.core_ms, recorded_price(cost, "cpu_hour"), sum, sum.free_core_ms);
  charge_time(sum.gpu_ms, recorded_price(cost, "gpu_hour"), sum, sum.free_gpu_ms);
  return sum;
}

}  // namespace millrace
