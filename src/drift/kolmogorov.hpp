// How likely a distance between two samples' distribution functions is by chance: the two-sided, two-sample
// test of Kolmogorov and Smirnov.
#pragma once

#include <cstdint>

namespace millrace {

// Probability that the largest distance between the distribution functions of samples of `m` and `n` values
// from one continuous distribution is at least `distance`. Exact where both have at most 10,000 values;
// otherwise that of one sample of round(m·n / (m + n)) values. These are the choices of scipy 1.17's
// ks_2samp(method="auto").
double two_sample_ks_p(double distance, std::uint64_t m, std::uint64_t n);

// The exact one, by recursion over paths. T. Viehmann, "Numerically more stable computation of the p-values
// for the two-sample Kolmogorov-Smirnov test", 2021. Time m·n, memory n.
double exact_two_sample_ks_p(double distance, std::uint64_t m, std::uint64_t n);

// Probability that the distance between a sample of n values and the distribution that they are from is at
// least `distance`. Methods by size as R. Simard, P. L'Ecuyer, "Computing the two-sided Kolmogorov-Smirnov
// distribution", Journal of Statistical Software 39 (2011), section 3, has them: Durbin's matrix, the
// expansion of Pelz and Good, twice the one-sided probability in the tail.
double one_sample_ks_p(double distance, std::uint64_t n);

}  // namespace millrace
