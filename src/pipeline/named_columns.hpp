// Columns that the configuration names for what comes late in a pipeline: a misspelt one is told early.
#pragma once

#include "config/pipeline_config.hpp"
#include "table/schema.hpp"

namespace millrace {

// Those of evaluation.segments and package.card.units. Throws kUsage, with near misses, for one that the data
// does not have.
void check_named_columns(const PipelineConfig& config, const Schema& schema);

}  // namespace millrace
