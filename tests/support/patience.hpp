// Time limits of what tests wait for. Sanitizers make programs several times slower, so the seconds are
// multiplied in their builds, as ctest's own limits are (cmake/MillraceTest.cmake).
#pragma once

#include <chrono>

namespace millrace::testing_support {

#ifndef MILLRACE_PATIENCE
#define MILLRACE_PATIENCE 1
#endif

inline std::chrono::duration<double> patience(double seconds) {
  return std::chrono::duration<double>(seconds * MILLRACE_PATIENCE);
}

}  // namespace millrace::testing_support
