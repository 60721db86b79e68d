#include "features/extend_plan.hpp"

#include <algorithm>

#include "features/feature_columns.hpp"
#include "features/fit_vocabulary.hpp"
#include "features/level_index.hpp"

namespace millrace {

namespace {

const Vocabulary* levels_in(const FeatureStep& step) {
  if (const auto* one_hot = std::get_if<OneHot>(&step.transform)) return &one_hot->vocabulary;
  const auto* embedding = std::get_if<Embedding>(&step.transform);
  return embedding == nullptr ? nullptr : &embedding->vocabulary;
}

void set_levels(FeatureStep& step, Vocabulary vocabulary) {
  if (auto* one_hot = std::get_if<OneHot>(&step.transform)) {
    one_hot->vocabulary = std::move(vocabulary);
  } else if (auto* embedding = std::get_if<Embedding>(&step.transform)) {
    embedding->vocabulary = std::move(vocabulary);
  }
}

Vocabulary extended(const Vocabulary& base, const Vocabulary& fresh) {
  std::vector<std::string> levels = base.levels();
  for (const std::string& level : fresh.levels()) {
    if (base.index_of(level) == Vocabulary::kRare) levels.push_back(level);
  }
  return Vocabulary(std::move(levels));
}

bool knows_more(const FeatureStep& base, const FeatureStep& extended) {
  const Vocabulary* levels = levels_in(extended);
  return levels != nullptr && levels->size() > levels_in(base)->size();
}

}  // namespace

Schema level_columns(const FeaturePlan& plan) {
  std::vector<Field> fields;
  for (const FeatureStep& step : plan.steps) {
    if (levels_in(step) != nullptr) fields.push_back({step.column, step.type});
  }
  return Schema(std::move(fields));
}

FeaturePlan extend_plan(FeaturePlan base, const FeaturesConfig& config, const Schema& schema,
                        const std::map<std::string, ColumnStatistics>& statistics) {
  const std::vector<FeatureColumn> columns = feature_columns(config, schema, base.target.column);
  for (FeatureStep& step : base.steps) {
    const auto column =
        std::ranges::find(columns, step.column, [](const FeatureColumn& one) { return one.field.name; });
    const Vocabulary* levels = levels_in(step);
    if (levels == nullptr || column == columns.end()) continue;
    const ColumnStatistics& values = statistics.at(step.column);
    if (values.distinct.exact())
      set_levels(step, extended(*levels, fit_vocabulary(*column->category, values).vocabulary));
  }
  return base;
}

Schema extended_columns(const FeaturePlan& base, const FeaturePlan& extended) {
  std::vector<Field> fields;
  for (std::size_t i = 0; i < extended.steps.size(); ++i) {
    if (knows_more(base.steps.at(i), extended.steps[i]))
      fields.push_back({extended.steps[i].column, extended.steps[i].type});
  }
  return Schema(std::move(fields));
}

bool has_new_levels(const FeaturePlan& base, const FeaturePlan& extended, const Table& table) {
  for (std::size_t i = 0; i < extended.steps.size(); ++i) {
    if (!knows_more(base.steps.at(i), extended.steps[i])) continue;
    const Column& column = table[extended.steps[i].column];
    LevelIndex before(column, *levels_in(base.steps[i]));
    LevelIndex now(column, *levels_in(extended.steps[i]));
    for (std::size_t row = 0; row < column.size(); ++row) {
      if (before(row) != now(row)) return true;
    }
  }
  return false;
}

}  // namespace millrace
