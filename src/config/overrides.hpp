// --set a.b.c=value: the value is parsed as YAML and takes the key's place in the tree, so that it is typed
// and checked like the file; its mark is "--set a.b.c".
#pragma once

#include <string>

#include "config/yaml_tree.hpp"

namespace millrace {

// Maps on the way are made where they are missing or are single values ("early_stopping: false"). A part of
// the path in double quotes may hold dots. Throws kUsage.
void apply_override(YamlNode& tree, const std::string& override_text);
// The same for a value that is there as JSON, and its mark.
void set_key(YamlNode& tree, const std::string& path, const std::string& json, const Mark& mark);

}  // namespace millrace
