// Fitting a plan: which statistics of the training rows it needs, and the plan that follows from them.
//
//   TrainingStatistics of the training rows:
//     .columns      column_statistics over features and target
//     .quantiles    column_quantiles for quantile_needs(…)
//     .transformed  for each step of transformed_moments_needed(…): statistics of transformed_column(step, …)
//   fit_plan(config.features, fit_target(…), schema, statistics)
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "features/plan.hpp"
#include "statistics/column_statistics.hpp"

namespace millrace {

// `schema`: the columns that may become features, each with statistics; dropped ones are not among them, and
// the target is left out.

// Which quantiles (as shares in [0, 1]) of each numeric column the plan needs; columns without needs are
// absent. Throws kUsage for settings of a column that does not exist or cannot be what they say.
using QuantileNeeds = std::map<std::string, std::vector<double>>;
QuantileNeeds quantile_needs(const FeaturesConfig& config, const Schema& schema, const std::string& target);

// Statistics over training rows; moments are over present values, before imputation.
struct TrainingStatistics {
  std::map<std::string, ColumnStatistics> columns;            // every feature column and the target
  std::map<std::string, std::map<double, double>> quantiles;  // column → share → value
  std::map<std::string, ColumnStatistics> transformed;  // column → statistics of the clipped, logged values
};

// The columns that are scaled after a clip or log1p: their moments need a pass of their own over transformed
// values. Each step holds a NumericTransform without its scaling.
std::vector<FeatureStep> transformed_moments_needed(const FeaturesConfig& config, const Schema& schema,
                                                    const std::string& target,
                                                    const TrainingStatistics& statistics);
// Impute, clip and log1p of one value, without the scaling.
double transform_before_scaling(const NumericTransform& transform, std::optional<double> value);
// The same for the present values of a column, as a kReal column with the same missing rows: what the
// statistics in TrainingStatistics::transformed are taken of.
Column transformed_column(const FeatureStep& step, const Column& column);

// The task (unless the configuration names it) and the classes, from the target's type and distinct values:
// text and booleans with 2 levels, numbers that are 0 or 1, or `positive` given: binary; text with more
// levels: multiclass; other numbers: regression. With `positive` and more than two levels, all others count
// as negative. Classes are in the order of their numbers or texts; the second of two is the positive one.
// Throws kDataRejected for a target with a single class, without values, or with more than kMaxClasses;
// kUsage for a `positive` level that does not occur (with a near miss and the levels) and for a task that
// does not suit the type.
inline constexpr std::size_t kMaxClasses = 1000;
TargetPlan fit_target(const TargetConfig& config, const ColumnStatistics& statistics);

// Columns without present values, and categories without a level that occurs min_count times or with more
// levels than are counted exactly, are left out with a warning each (logged where no `warn` is given: pass
// one that keeps silent on all ranks but the first). Throws kDataRejected where no column remains.
using Warn = std::function<void(const std::string& message)>;
FeaturePlan fit_plan(const FeaturesConfig& config, const TargetPlan& target, const Schema& schema,
                     const TrainingStatistics& statistics, const Warn& warn = {});

// Dimension of an embedding from its cardinality: min(50, round(1.6 · n^0.56)), the rule of thumb of fastai
// (J. Howard, S. Gugger, "fastai: a layered API for deep learning", 2020), with a smaller bound.
std::uint32_t embedding_dimension(std::size_t cardinality);

}  // namespace millrace
