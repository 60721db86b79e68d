#include "features/feature_columns.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

FeatureColumn feature_column(const FeaturesConfig& config, const Field& field) {
  const auto found = config.columns.find(field.name);
  if (found == config.columns.end()) {
    return {field, is_numeric(field.type), &config.numeric, &config.categorical};
  }
  const ColumnFeature& settings = found->second;
  const bool numeric = settings.kind.empty() ? is_numeric(field.type) : settings.kind == "numeric";
  if (numeric && !is_numeric(field.type)) {
    throw Error(
        Topic::kColumnType,
        "features.columns.{0}: the column is text, so it cannot be numeric; if it holds numbers "
        "with other words among them, name those in data.missing, or declare data.types: {{{0}: real}}",
        field.name);
  }
  return {field, numeric, &settings.numeric, &settings.categorical};
}

}  // namespace

std::vector<FeatureColumn> feature_columns(const FeaturesConfig& config, const Schema& schema,
                                           const std::string& target) {
  std::vector<FeatureColumn> result;
  std::vector<std::string> names;
  for (const Field& field : schema) {
    if (field.name == target) continue;
    result.push_back(feature_column(config, field));
    names.push_back(field.name);
  }
  for (const auto& [name, settings] : config.columns) {
    if (std::find(names.begin(), names.end(), name) == names.end()) {
      throw Error(Topic::kUnknownColumn, "features.columns.{}: there is no such column among the features{}",
                  name, suggestion(name, names));
    }
  }
  return result;
}

}  // namespace millrace
