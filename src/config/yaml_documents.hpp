// Internal to config/: how many documents a YAML text holds, found without building them.
#pragma once

#include <optional>
#include <string>

#include <yaml-cpp/yaml.h>

namespace millrace {

// Where a second document begins, if one does: behind "---", or with a bracket that closes nothing.
// YAML::LoadAll takes such brackets for documents without end. Throws YAML::Exception.
std::optional<YAML::Mark> second_document(const std::string& text);

}  // namespace millrace
