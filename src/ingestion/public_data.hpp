// The public data sets that the example configurations name: what to say where one is missing.
#pragma once

#include <string>

namespace millrace {

// What the file at `path` is and how to get it, to be put behind "there is no file …"; "" for any other path.
std::string public_data_hint(const std::string& path);

}  // namespace millrace
