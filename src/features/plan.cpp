#include "features/plan.hpp"

#include <algorithm>

namespace millrace {

namespace {

void append_names(const NumericTransform& transform, const std::string& column,
                  std::vector<std::string>& names) {
  names.push_back(column);
  if (transform.indicator) names.push_back(column + " is missing");
}

void append_names(const OneHot& transform, const std::string& column, std::vector<std::string>& names) {
  if (transform.missing_input) names.push_back(column + " is missing");
  if (transform.rare_input) names.push_back(column + " is rare or unknown");
  for (const std::string& level : transform.vocabulary.levels()) names.push_back(column + "=" + level);
}

void append_names(const Embedding&, const std::string&, std::vector<std::string>&) {}
void append_names(const Bins&, const std::string&, std::vector<std::string>&) {}

std::pair<std::size_t, std::uint32_t> embedding_of(const FeatureStep& step) {
  if (const auto* embedding = std::get_if<Embedding>(&step.transform)) {
    return {embedding->vocabulary.size(), embedding->dimension};
  }
  const auto& bins = std::get<Bins>(step.transform);
  return {bins.edges.size() + 2, bins.dimension};
}

}  // namespace

std::size_t FeatureStep::numeric_width() const {
  if (const auto* number = std::get_if<NumericTransform>(&transform)) return number->indicator ? 2 : 1;
  if (const auto* one_hot = std::get_if<OneHot>(&transform)) return one_hot->width();
  return 0;
}

std::size_t FeatureStep::categorical_width() const {
  return std::holds_alternative<Embedding>(transform) || std::holds_alternative<Bins>(transform) ? 1 : 0;
}

Schema FeaturePlan::input_schema() const {
  std::vector<Field> fields;
  for (const FeatureStep& step : steps) {
    const Field field{step.column, step.type};
    if (std::find(fields.begin(), fields.end(), field) == fields.end()) fields.push_back(field);
  }
  return Schema(std::move(fields));
}

std::vector<std::string> FeaturePlan::input_columns() const {
  return input_schema().names();
}

std::vector<std::string> FeaturePlan::numeric_names() const {
  std::vector<std::string> names;
  for (const FeatureStep& step : steps) {
    std::visit([&](const auto& transform) { append_names(transform, step.column, names); }, step.transform);
  }
  return names;
}

std::size_t FeaturePlan::n_numeric() const {
  std::size_t width = 0;
  for (const FeatureStep& step : steps) width += step.numeric_width();
  return width;
}

std::size_t FeaturePlan::n_categorical() const {
  std::size_t width = 0;
  for (const FeatureStep& step : steps) width += step.categorical_width();
  return width;
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> FeaturePlan::embeddings() const {
  std::vector<std::pair<std::uint32_t, std::uint32_t>> result;
  for (const FeatureStep& step : steps) {
    if (step.categorical_width() == 0) continue;
    const auto [cardinality, dimension] = embedding_of(step);
    result.emplace_back(static_cast<std::uint32_t>(cardinality), dimension);
  }
  return result;
}

}  // namespace millrace
