// What a run is likely to cost, from the earlier runs of its pipeline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/charges.hpp"
#include "cost/usage.hpp"

namespace millrace {

struct StageForecast {
  std::string stage;
  std::size_t runs = 0;   // that it is taken from; 0: nothing is known
  bool by_bytes = false;  // in proportion to the bytes of the sources; else the median as it is
  CostSum cost;           // at today's prices
};

struct RunForecast {
  std::vector<StageForecast> stages;  // those that would run

  [[nodiscard]] CostSum cost() const;
  [[nodiscard]] std::vector<std::string> unknown() const;  // stages without an earlier run
};

inline constexpr std::size_t kForecastRuns = 10;

// For each of `stages`, the median of the core- and GPU-time that it took in the last kForecastRuns runs of
// the pipeline that ran it. Where the sources' bytes are known, and time in proportion to them came nearer to
// what those runs took (sum of absolute differences; three runs at least), it is scaled by them.
RunForecast forecast_run(const std::vector<RunUsage>& runs, const std::string& pipeline,
                         const std::vector<std::string>& stages, std::optional<std::uint64_t> source_bytes,
                         const Prices& prices);

}  // namespace millrace
