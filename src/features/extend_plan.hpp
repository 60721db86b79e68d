// A plan that goes on: what it does stays as it is, and its categories learn new levels.
#pragma once

#include <map>
#include <string>

#include "config/pipeline_config.hpp"
#include "features/plan.hpp"
#include "statistics/column_statistics.hpp"

namespace millrace {

// The columns whose levels `plan` knows: those that extend_plan() asks statistics of.
Schema level_columns(const FeaturePlan& plan);

// `base` with the levels besides that are frequent enough in `statistics` of other training rows, behind its
// own: so what base's model has learned of its inputs still holds. Dimensions stay as they are. `schema` as
// fit_plan() has it. A category with more levels there than are counted exactly learns none.
FeaturePlan extend_plan(FeaturePlan base, const FeaturesConfig& config, const Schema& schema,
                        const std::map<std::string, ColumnStatistics>& statistics);

// The columns of which `extended` knows levels that `base`, which it comes of, does not.
Schema extended_columns(const FeaturePlan& base, const FeaturePlan& extended);
// Whether a row of `table`, which has these columns, has one of those levels: of a table without, both plans
// make the same embeddings.
bool has_new_levels(const FeaturePlan& base, const FeaturePlan& extended, const Table& table);

}  // namespace millrace
