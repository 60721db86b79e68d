// Extremes and moments of numbers.
#pragma once

#include <cstdint>
#include <span>

namespace millrace {

struct Moments {
  double min = 0;
  double max = 0;
  double mean = 0;
  double m2 = 0;  // sum of squared deviations from the mean; infinite where that is beyond a double
  std::uint64_t zeros = 0;
};

// Of finite values; all zero where there are none. The corrected two-pass algorithm: T. Chan, G. Golub,
// R. LeVeque, "Algorithms for computing the sample variance", The American Statistician 37 (1983), eq. 1.7.
// The mean is corrected in the same way. The order of additions is fixed, and the same on all processors.
Moments moments_of(std::span<const double> values);

}  // namespace millrace
