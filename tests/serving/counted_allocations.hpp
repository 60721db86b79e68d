// Linked into a program, it counts the program's allocations.
#pragma once

#include <cstddef>

namespace millrace::testing_support {

std::size_t allocations();  // of this thread so far

}  // namespace millrace::testing_support
