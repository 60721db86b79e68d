// Fitting a plan: which statistics of the training rows it needs, and the plan that follows from them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "features/plan.hpp"
#include "statistics/column_statistics.hpp"

namespace millrace {

// Which quantiles (as shares in [0, 1]) of each numeric column the plan needs; columns without needs are
// absent.
using QuantileNeeds = std::map<std::string, std::vector<double>>;
QuantileNeeds quantile_needs(const FeaturesConfig& config, const Schema& schema, const std::string& target);

// Statistics over training rows. Moments after clip and log1p need a pass of their own: `transformed` holds
// mean and deviation by column where clip or log1p is set (see transformed_moments_needed).
struct TrainingStatistics {
  std::map<std::string, ColumnStatistics> columns;            // every feature column and the target
  std::map<std::string, std::map<double, double>> quantiles;  // column → share → value
  std::map<std::string, ColumnStatistics> transformed;  // column → statistics of the clipped, logged values
};

// Columns whose scaling needs moments of transformed values, and the value transform to take them over.
std::vector<FeatureStep> transformed_moments_needed(const FeaturesConfig& config, const Schema& schema,
                                                    const std::string& target,
                                                    const TrainingStatistics& statistics);
// Impute, clip and log1p of one value, without the scaling.
double transform_before_scaling(const NumericTransform& transform, std::optional<double> value);

// The task from the target's type and distinct values: text or boolean with 2 levels, or `positive` given:
// binary; more levels: multiclass; numbers: regression. Throws kDataRejected for a target with a single
// class, kUsage for a `positive` level that does not occur (with a near miss and the levels).
TargetPlan fit_target(const TargetConfig& config, const ColumnStatistics& statistics);

FeaturePlan fit_plan(const FeaturesConfig& config, const TargetPlan& target, const Schema& schema,
                     const TrainingStatistics& statistics);

}  // namespace millrace
