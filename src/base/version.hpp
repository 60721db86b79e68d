// What code this is: the project's version and the commit that it was built from.
#pragma once

#include <string>

namespace millrace {

std::string project_version();  // "0.1.0"
std::string
code_version();          // "0.1.0+f61657a", "+f61657a-modified" with uncommitted changes; "0.1.0" without git
std::string compiler();  // "GNU 12.2.0"
std::string build_type();  // "Release"

}  // namespace millrace
