// Checks that look at more than one key at a time.
#pragma once

#include "config/pipeline_config.hpp"
#include "config/yaml_tree.hpp"

namespace millrace {

// Throws kUsage at the place of one of the keys in `tree`, from which `config` was read.
void check_config(const PipelineConfig& config, const YamlNode& tree);

}  // namespace millrace
