// What tuning.space must fulfil, and what its parameters' values look like.
#pragma once

#include "base/json.hpp"
#include "config/tuning_config.hpp"
#include "config/yaml_tree.hpp"

namespace millrace {

// The only sections whose keys can be searched: all trials are compared on the same rows.
inline constexpr const char* kSearchedSections = "features, model and training";

// Whether all values are integers: int, or steps of integers from an integer on.
bool has_whole_values(const TuningParameter& parameter);
// A value as the configuration takes it.
Json number_value(double value, bool whole);

// Throws kUsage at the place of a parameter that is none; of a key that the configuration does not have; of
// an end of a range or a choice that its key does not take.
void check_space(const TuningConfig& tuning, const YamlNode& tree);

}  // namespace millrace
