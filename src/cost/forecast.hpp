// What a run is likely to cost, from the earlier runs of its pipeline.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cost/charges.hpp"
#include "cost/usage.hpp"

namespace millrace {

// The run to come, as far as it is known.
struct ComingRun {
  std::string pipeline;
  std::vector<std::string> stages;  // that would run; what is cached costs nothing
  std::optional<std::uint64_t> source_bytes;
  std::optional<std::uint64_t> epochs;  // at most
  std::int64_t cores = 0;               // that it will hold; 0: not known
  std::optional<bool> with_gpus;        // whether it will hold any
};

struct StageForecast {
  std::string stage;
  std::size_t runs = 0;    // that it is taken from; 0: nothing is known
  bool by_bytes = false;   // in proportion to the bytes of the sources
  bool by_epochs = false;  // and to the epochs
  CostSum cost;            // at today's prices
};

struct RunForecast {
  std::vector<StageForecast> stages;  // those that would run

  [[nodiscard]] CostSum cost() const;
  [[nodiscard]] std::vector<std::string> unknown() const;  // stages without an earlier run
};

inline constexpr std::size_t kForecastRuns = 10;

// For each stage the median of the core- and GPU-time that it took in the last kForecastRuns runs of the
// pipeline that ran it with as many cores, and with GPUs or without as the coming one; where there are none,
// in the last ones whatever they held, but a training with GPUs says nothing of one without, nor the other
// way round.
//
// It grows with the stage's size: of ingest, validate, features and evaluate the bytes of the sources, of
// train these × the epochs, as far as they are known of all these runs. Three runs or more say which of these
// factors count: those with which the times came nearest to what the stage took (sum of absolute
// differences), and more rather than fewer where that is the same. Of stages without a size, whose one
// process works while the others wait, it is the time that is kept where the runs had other cores, not the
// core-time.
RunForecast forecast_run(const std::vector<RunUsage>& runs, const ComingRun& coming, const Prices& prices);

}  // namespace millrace
