// What a run has used, by run.json and events.jsonl in its folder.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "cost/money.hpp"
#include "cost/period.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct StageUsage {
  std::string stage;
  std::int64_t ms = 0;
};

struct RunUsage {
  std::string run, pipeline, model, team, job;  // job: of Slurm, or empty
  Moment begin = 0;
  std::int64_t wall_ms = 0;
  std::int64_t cores = 0, gpus = 0;      // held all the time
  std::int64_t core_ms = 0, gpu_ms = 0;  // wall_ms of them, or what Slurm's accounting says (sacct.hpp)
  bool accounted = false;                // by Slurm
  Prices prices;                         // when it began; an empty currency: none were recorded
  std::vector<StageUsage> stages;        // that were not cached
  std::optional<std::uint64_t> source_bytes;
  std::optional<std::uint64_t> epochs;       // at most, of the training
  std::optional<std::uint64_t> reservation;  // its number (reservations.hpp)
  std::string host;
  bool running = false;  // by its record
  Moment heard = 0;      // of one that runs: its last sign of life

  [[nodiscard]] Moment end() const { return begin + wall_ms; }
};

// One that has not ended, or was interrupted, counts until its last event. Records of earlier versions lack
// cores: then a rank has one. Throws kResource for what is no record.
RunUsage usage_of(const Json& record, const std::string& folder);

// "cpu_hour" or "gpu_hour" of the prices in run.json's cost.
std::optional<Money> recorded_price(const Json& cost, const char* key);

// Of all these records, oldest first. One that cannot be read is left out with a warning.
std::vector<RunUsage> usages_of(const std::vector<Json>& records, const Workspace& workspace);

}  // namespace millrace
