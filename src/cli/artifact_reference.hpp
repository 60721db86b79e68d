// Inside cli/: which artifact a command means.
#pragma once

#include <string>

namespace millrace {

// The file of an artifact: `reference` itself where it is a file, else the one of the registered version that
// it names (MODEL, MODEL/VERSION or MODEL@ALIAS). Throws kResource where there is none.
std::string find_artifact(const std::string& reference, const std::string& workspace_root);

}  // namespace millrace
