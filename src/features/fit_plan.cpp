#include <algorithm>
#include <cmath>

#include "base/log.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "features/feature_columns.hpp"
#include "features/fit.hpp"
#include "features/fit_vocabulary.hpp"

namespace millrace {

namespace {

const ColumnStatistics& statistics_of(const std::map<std::string, ColumnStatistics>& statistics,
                                      const std::string& column) {
  const auto found = statistics.find(column);
  if (found == statistics.end()) throw internal_error("no training statistics of the column '{}'", column);
  return found->second;
}

double quantile_of(const TrainingStatistics& statistics, const std::string& column, double share) {
  const auto found = statistics.quantiles.find(column);
  if (found == statistics.quantiles.end() || !found->second.contains(share)) {
    throw internal_error("the quantile {} of the column '{}' was not computed", share, column);
  }
  return found->second.at(share);
}

// Inner shares of n bins of equal counts.
std::vector<double> bin_shares(std::uint32_t bins) {
  std::vector<double> shares;
  for (std::uint32_t i = 1; i < bins; ++i) shares.push_back(static_cast<double>(i) / bins);
  return shares;
}

bool needs_own_moments(const NumericFeature& config) {
  return config.scale == "standard" && (config.clip || config.log1p);
}

double imputed_value(const NumericFeature& config, const ColumnStatistics& column, const std::string& name,
                     const TrainingStatistics& statistics) {
  if (config.impute == "median") return quantile_of(statistics, name, 0.5);
  return config.impute == "mean" ? column.mean : 0.0;
}

// All but mean and deviation.
NumericTransform before_scaling(const FeatureColumn& column, const TrainingStatistics& statistics) {
  const std::string& name = column.field.name;
  const ColumnStatistics& values = statistics_of(statistics.columns, name);
  NumericTransform transform;
  transform.impute = imputed_value(*column.number, values, name, statistics);
  transform.indicator = column.number->indicator && values.missing > 0;
  transform.log1p = column.number->log1p;
  if (const auto& clip = column.number->clip) {
    transform.clip = {quantile_of(statistics, name, clip->first),
                      quantile_of(statistics, name, clip->second)};
  }
  return transform;
}

NumericTransform fit_number(const FeatureColumn& column, const TrainingStatistics& statistics) {
  NumericTransform transform = before_scaling(column, statistics);
  if (column.number->scale != "standard") return transform;
  const ColumnStatistics& moments = statistics_of(
      needs_own_moments(*column.number) ? statistics.transformed : statistics.columns, column.field.name);
  transform.mean = moments.mean;
  transform.deviation = moments.standard_deviation();
  if (!std::isfinite(transform.mean) || !std::isfinite(transform.deviation)) {
    throw Error(Topic::kLargeValues,
                "the column '{0}' has values between {1:g} and {2:g}, too large to scale: set "
                "features.columns.{0}: {{log1p: true}} or clip",
                column.field.name, moments.min, moments.max);
  }
  if (transform.deviation == 0 || moments.min == moments.max) transform.deviation = 1;
  return transform;
}

Bins fit_bins(const FeatureColumn& column, const TrainingStatistics& statistics) {
  Bins bins;
  for (const double share : bin_shares(column.number->bins)) {
    const double edge = quantile_of(statistics, column.field.name, share);
    if (bins.edges.empty() || edge > bins.edges.back()) bins.edges.push_back(edge);
  }
  bins.dimension = column.category->dimension > 0 ? column.category->dimension
                                                  : embedding_dimension(bins.edges.size() + 2);
  return bins;
}

decltype(FeatureStep::transform) fit_category(const CategoricalFeature& config, FittedVocabulary fitted,
                                              const ColumnStatistics& statistics) {
  Vocabulary& vocabulary = fitted.vocabulary;
  const bool one_hot = config.encode == "onehot" ||
                       (config.encode == "auto" && vocabulary.levels().size() <= config.onehot_max);
  if (one_hot) return OneHot{std::move(vocabulary), statistics.missing > 0, !fitted.covers_all};
  const std::uint32_t dimension =
      config.dimension > 0 ? config.dimension : embedding_dimension(vocabulary.size());
  return Embedding{std::move(vocabulary), dimension};
}

// Why a category cannot be a feature; empty where it can.
std::string category_hindrance(const FeatureColumn& column, const Vocabulary& vocabulary,
                               const ColumnStatistics& statistics) {
  if (!statistics.distinct.exact()) {
    return fmt::format("has about {} distinct values, more than the {} that can be levels",
                       human_count(statistics.distinct.count()), human_count(DistinctCounter::kExactLimit));
  }
  if (!vocabulary.levels().empty()) return "";
  return fmt::format("has no value that occurs {} times or more: an identifier?", column.category->min_count);
}

class PlanFit {
 public:
  PlanFit(const TrainingStatistics& statistics, const Warn& warn) : statistics_(statistics), warn_(warn) {}

  void add(const FeatureColumn& column) {
    const ColumnStatistics& values = statistics_of(statistics_.columns, column.field.name);
    if (values.present() == 0) return leave_out(column, "has no values in the training rows");
    column.numeric ? add_number(column) : add_category(column, values);
  }
  std::vector<FeatureStep> steps() && { return std::move(steps_); }

 private:
  void add_number(const FeatureColumn& column) {
    add_step(column, fit_number(column, statistics_));
    Bins bins = fit_bins(column, statistics_);
    if (!bins.edges.empty()) add_step(column, std::move(bins));
  }

  void add_category(const FeatureColumn& column, const ColumnStatistics& values) {
    FittedVocabulary fitted = fit_vocabulary(*column.category, values);
    const std::string hindrance = category_hindrance(column, fitted.vocabulary, values);
    if (!hindrance.empty()) return leave_out(column, hindrance);
    add_step(column, fit_category(*column.category, std::move(fitted), values));
  }

  void add_step(const FeatureColumn& column, decltype(FeatureStep::transform) transform) {
    steps_.push_back({column.field.name, column.field.type, std::move(transform)});
  }

  void leave_out(const FeatureColumn& column, const std::string& why) {
    warn_(fmt::format("the column '{}' {}; it is left out (name it in data.drop to silence this)",
                      column.field.name, why));
  }

  const TrainingStatistics& statistics_;
  const Warn& warn_;
  std::vector<FeatureStep> steps_;
};

}  // namespace

std::uint32_t embedding_dimension(std::size_t cardinality) {
  const double rule = std::round(1.6 * std::pow(static_cast<double>(cardinality), 0.56));
  return static_cast<std::uint32_t>(std::min(50.0, rule));
}

QuantileNeeds quantile_needs(const FeaturesConfig& config, const Schema& schema, const std::string& target) {
  QuantileNeeds needs;
  for (const FeatureColumn& column : feature_columns(config, schema, target)) {
    if (!column.numeric) continue;
    std::vector<double> shares = bin_shares(column.number->bins);
    if (column.number->impute == "median") shares.push_back(0.5);
    if (const auto& clip = column.number->clip) shares.insert(shares.end(), {clip->first, clip->second});
    std::sort(shares.begin(), shares.end());
    shares.erase(std::unique(shares.begin(), shares.end()), shares.end());
    if (!shares.empty()) needs[column.field.name] = std::move(shares);
  }
  return needs;
}

std::vector<FeatureStep> transformed_moments_needed(const FeaturesConfig& config, const Schema& schema,
                                                    const std::string& target,
                                                    const TrainingStatistics& statistics) {
  std::vector<FeatureStep> steps;
  for (const FeatureColumn& column : feature_columns(config, schema, target)) {
    const bool has_values = statistics_of(statistics.columns, column.field.name).present() > 0;
    if (!column.numeric || !has_values || !needs_own_moments(*column.number)) continue;
    steps.push_back({column.field.name, column.field.type, before_scaling(column, statistics)});
  }
  return steps;
}

Column transformed_column(const FeatureStep& step, const Column& column) {
  const auto& transform = std::get<NumericTransform>(step.transform);
  Column result(ColumnType::kReal);
  result.reserve(column.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (column.is_valid(row)) {
      result.append_real(transform_before_scaling(transform, column.number(row)));
    } else {
      result.append_missing();
    }
  }
  return result;
}

FeaturePlan fit_plan(const FeaturesConfig& config, const TargetPlan& target, const Schema& schema,
                     const TrainingStatistics& statistics, const Warn& warn) {
  const Warn log = [](const std::string& message) { log_warning("{}", message); };
  PlanFit fit(statistics, warn ? warn : log);
  for (const FeatureColumn& column : feature_columns(config, schema, target.column)) fit.add(column);
  FeaturePlan plan{std::move(fit).steps(), target};
  if (plan.steps.empty()) {
    throw Error(Topic::kNoFeatures,
                "no column is left to predict '{}' from: every other one is dropped, empty, or an identifier",
                target.column);
  }
  return plan;
}

}  // namespace millrace
