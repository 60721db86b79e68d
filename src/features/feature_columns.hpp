// Private to features/: which columns become features, and with which settings.
#pragma once

#include <string>
#include <vector>

#include "config/pipeline_config.hpp"
#include "table/schema.hpp"

namespace millrace {

struct FeatureColumn {
  Field field;
  bool numeric = true;  // otherwise a category
  const NumericFeature* number = nullptr;
  const CategoricalFeature* category = nullptr;  // also says the embedding dimension of quantile bins
};

// In the schema's order, without the target. Throws kUsage for settings of a column that is not among them,
// and for a text column that is said to be numeric.
std::vector<FeatureColumn> feature_columns(const FeaturesConfig& config, const Schema& schema,
                                           const std::string& target);

}  // namespace millrace
