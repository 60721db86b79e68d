// Inside cli/: the actions of `millrace package`, a file each.
#pragma once

#include "cli/options.hpp"

namespace millrace {

Command package_export_action();

}  // namespace millrace
