#include "features/extend_plan.hpp"

#include <algorithm>

namespace millrace {

namespace {

const Vocabulary* levels_in(const FeatureStep& step) {
  if (const auto* one_hot = std::get_if<OneHot>(&step.transform)) return &one_hot->vocabulary;
  const auto* embedding = std::get_if<Embedding>(&step.transform);
  return embedding == nullptr ? nullptr : &embedding->vocabulary;
}

const Vocabulary* levels_in(const FeaturePlan& plan, const std::string& column) {
  for (const FeatureStep& step : plan.steps) {
    if (step.column == column && levels_in(step) != nullptr) return levels_in(step);
  }
  return nullptr;
}

Vocabulary extended(const Vocabulary& base, const Vocabulary& fresh) {
  std::vector<std::string> levels = base.levels();
  for (const std::string& level : fresh.levels()) {
    if (base.index_of(level) == Vocabulary::kRare) levels.push_back(level);
  }
  return Vocabulary(std::move(levels));
}

}  // namespace

FeaturePlan extend_plan(FeaturePlan base, const FeaturePlan& fresh) {
  for (FeatureStep& step : base.steps) {
    const Vocabulary* levels = levels_in(fresh, step.column);
    if (levels == nullptr) continue;
    if (auto* one_hot = std::get_if<OneHot>(&step.transform))
      one_hot->vocabulary = extended(one_hot->vocabulary, *levels);
    if (auto* embedding = std::get_if<Embedding>(&step.transform))
      embedding->vocabulary = extended(embedding->vocabulary, *levels);
  }
  return base;
}

}  // namespace millrace
