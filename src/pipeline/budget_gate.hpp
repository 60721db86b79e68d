// Whether budgets with stop: true let a run begin, asked before it leaves any trace.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "cost/account.hpp"
#include "cost/forecast.hpp"
#include "pipeline/engine.hpp"

namespace millrace {

// Of the stages that `plan` says would run, on so many ranks. Root only.
RunForecast forecast_of(const PipelinePlan& plan, const PipelineConfig& config, int ranks,
                        const Account& account);

// Collective. Null where the run may begin; {"reason", "budgets": [why not]} where it begins only because
// options.override_budget is given. Throws kOverBudget or kNoPrice on all ranks where it may not. Without
// such budgets nothing is looked at.
Json ask_budgets(const Communicator& comm, const PipelineConfig& config, const RunOptions& options);

// The same for a run that begins now: {"override": what ask_budgets returns, "reservation"}. Its forecast
// counts as spent until it ends (cost/reservations.hpp), of which run.json's cost keeps the number; null
// where there is nothing to do, or no such budget.
Json reserve_budgets(const Communicator& comm, const PipelineConfig& config, const RunOptions& options);

}  // namespace millrace
