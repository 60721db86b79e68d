// What `millrace plan` says a run would cost.
#pragma once

#include <string>

#include "config/pipeline_config.hpp"
#include "cost/forecast.hpp"
#include "pipeline/engine.hpp"

namespace millrace {

struct PlannedCost {
  RunForecast forecast;
  Prices prices;
};

// On so many ranks, by the runs of the workspace; changes nothing there.
PlannedCost planned_cost(const PipelineConfig& config, const PipelinePlan& plan, int ranks);

// Of a stage; null where it would not run, or never has.
Json forecast_json(const PlannedCost& cost, const std::string& stage);
// "forecast  0.52 core-hours, 0.25 GPU-hours: 0.08 EUR; not known: deploy"
std::string describe(const PlannedCost& cost);

}  // namespace millrace
