// Which machine this is.
#pragma once

#include <string>

namespace millrace {

std::string host_name();  // "unknown" where the system does not say

}  // namespace millrace
