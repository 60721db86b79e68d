// Reading a configuration: YAML → PipelineConfig.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"
#include "config/pipeline_config.hpp"

namespace millrace {

// Reads `path`, applies `overrides` ("training.epochs=10", typed and checked like the file), fills in
// defaults. Paths (sources, workspace) come back relative to the working directory, resolved against the
// file's folder. Throws kUsage with file:line:column and a near miss for unknown keys, wrong types and
// impossible values; kResource where the file cannot be read.
PipelineConfig load_config(const std::string& path, const std::vector<std::string>& overrides = {});
// The same from text; `file` names it in errors and its folder resolves relative paths.
PipelineConfig parse_config(const std::string& yaml, const std::string& file,
                            const std::vector<std::string>& overrides = {});

// With all its paths absolute, so that it reads the same from a file in any folder.
PipelineConfig with_absolute_paths(PipelineConfig config);

// Every key with its value, as a JSON object in the shape of the file: what stage keys digest slices of.
// Secrets are never in it.
Json config_to_json(const PipelineConfig& config);
// The resolved configuration as YAML that reads back to the same configuration.
std::string config_to_yaml(const PipelineConfig& config);
// Every key with type, default, limits and one line of explanation, as commented YAML.
std::string explain_config();
// A JSON Schema (draft 2020-12) of the file.
Json config_schema();

}  // namespace millrace
