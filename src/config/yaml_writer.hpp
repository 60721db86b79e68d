// JSON values as YAML that reads back to the same values, here and with any other YAML reader.
#pragma once

#include <string>

#include "base/json.hpp"

namespace millrace {

// On one line: null, 0.25, name, "a text", [1, 2], {key: value}.
std::string yaml_inline(const OrderedJson& value);
// A text as a key; values differ, because ${…} is filled in there.
std::string yaml_key(const std::string& key);
// An object with a key a line; objects inside are indented, lists of objects have an object a line.
std::string yaml_block(const OrderedJson& object, int indent = 0);

}  // namespace millrace
