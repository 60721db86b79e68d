#include "cost/usage.hpp"

#include <algorithm>
#include <cmath>

#include <sys/stat.h>

#include "base/events.hpp"
#include "base/log.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

std::int64_t milliseconds(double seconds) {
  return std::max<std::int64_t>(0, std::llround(seconds * 1000));
}

std::int64_t until_last_event(Moment begin, const std::string& folder) {
  Moment last = begin;
  for (const Json& event : read_events(folder + "/events.jsonl")) {
    if (event.contains("time")) last = std::max(last, moment_of(event["time"].get<std::string>()));
  }
  return last - begin;
}

// With several ranks each says now and then where it is (base/position_board.hpp).
Moment last_position(const std::string& folder) {
  struct stat status {};
  if (::stat((folder + "/positions/0").c_str(), &status) != 0) return 0;
  return static_cast<Moment>(status.st_mtim.tv_sec) * 1000;
}

std::optional<std::uint64_t> recorded_count(const Json& cost, const char* key) {
  return cost.contains(key) ? std::optional(cost[key].get<std::uint64_t>()) : std::nullopt;
}

std::vector<StageUsage> stages_run(const Json& record) {
  std::vector<StageUsage> stages;
  for (const Json& stage : record.value("stages", Json::array())) {
    if (!stage.value("cached", false))
      stages.push_back({stage.value("name", ""), milliseconds(stage.value("seconds", 0.0))});
  }
  return stages;
}

std::string model_of(const Json& record, const Json& cost) {
  const std::string registered = record.value("/model/name"_json_pointer, record.value("pipeline", ""));
  return cost.value("model", registered);
}

RunUsage read_usage(const Json& record, const std::string& folder) {
  const Json cost = record.value("cost", Json::object());
  RunUsage usage;
  usage.run = record.at("run").get<std::string>();
  usage.pipeline = record.value("pipeline", "");
  usage.model = model_of(record, cost);
  usage.team = cost.value("team", "");
  usage.job = cost.value("slurm_job", record.value("/slurm/job_id"_json_pointer, ""));
  usage.begin = moment_of(record.at("started").get<std::string>());
  usage.wall_ms = cost.contains("wall_seconds") ? milliseconds(cost["wall_seconds"].get<double>())
                                                : until_last_event(usage.begin, folder);
  usage.cores = cost.value("cores", record.value("ranks", std::int64_t{1}));
  usage.gpus = cost.value("gpus", std::int64_t{0});
  usage.core_ms = usage.wall_ms * usage.cores;
  usage.gpu_ms = usage.wall_ms * usage.gpus;
  usage.prices = {cost.value("currency", ""), recorded_price(cost, "cpu_hour"),
                  recorded_price(cost, "gpu_hour"), std::nullopt};
  usage.stages = stages_run(record);
  usage.source_bytes = recorded_count(cost, "source_bytes");
  usage.epochs = recorded_count(cost, "epochs");
  usage.reservation = recorded_count(cost, "reservation");
  usage.host = record.value("host", "");
  usage.running = record.value("status", "") == "running";
  if (usage.running) usage.heard = std::max(usage.end(), last_position(folder));
  return usage;
}

}  // namespace

std::optional<Money> recorded_price(const Json& cost, const char* key) {
  const Json prices = cost.value("prices", Json::object());
  const auto price = prices.find(key);
  if (price == prices.end() || price->is_null()) return std::nullopt;
  return Money::of(price->get<double>(), key);
}

RunUsage usage_of(const Json& record, const std::string& folder) {
  const std::string what = "'" + folder + "/run.json'";
  try {
    return read_usage(record, folder);
  } catch (const Json::exception& error) {
    throw Error(Topic::kDamagedFile, "{} is no record of a run: {}", what, error.what());
  } catch (const Error& error) {
    throw Error(Topic::kDamagedFile, "{} is no record of a run: {}", what, error.message());
  }
}

std::vector<RunUsage> usages_of(const std::vector<Json>& records, const Workspace& workspace) {
  std::vector<RunUsage> usages;
  for (const Json& record : records) {
    try {
      const std::string name = record.is_object() ? record.value("run", "") : "";
      usages.push_back(usage_of(record, workspace.path("runs/" + name)));
    } catch (const std::exception& error) {
      log_warning("a run is left out of the costs: {}", error.what());
    }
  }
  std::ranges::sort(usages, {}, [](const RunUsage& usage) { return std::pair(usage.begin, usage.run); });
  return usages;
}

}  // namespace millrace
