// What a text must be before YAML is looked for in it.
#pragma once

#include <string_view>

#include "config/mark.hpp"

namespace millrace {

// Throws kUsage at the place of the first byte that is no UTF-8 and of the first control character other than
// tabs and line ends: YAML forbids them, its readers replace them, skip them or take them for the end.
void check_characters(std::string_view text, const Mark& origin);

}  // namespace millrace
