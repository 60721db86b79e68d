// Inside registry/: which names models and aliases may have. MLflow's rules, less what our references
// ("churn/7", "churn@champion"), file names and URLs could not hold.
#pragma once

#include <string>

namespace millrace {

// Each throws kUsage saying which rule the name breaks.
void check_model_name(const std::string& name);
void check_alias(const std::string& alias);
void check_tag(const std::string& tag);

}  // namespace millrace
