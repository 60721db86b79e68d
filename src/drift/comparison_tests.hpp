// Tests of whether two samples come from one distribution, and distances between distributions. Shares add up
// to 1; counts are of rows. Each gives what Evidently 0.7 gives for the same rows.
#pragma once

#include <cstddef>
#include <vector>

#include "drift/number_distribution.hpp"

namespace millrace {

// Rows of the two samples in the same bins.
struct BinnedRows {
  std::vector<double> reference;
  std::vector<double> current;
};

// Σ (r − c) · ln(r / c). An empty bin counts as a share of 0.0001, or of a millionth of the smallest one
// where that is not above 0.0001.
double population_stability_index(const BinnedRows& rows);
// What chance alone exceeds with probability `p`: the index times m·n / (m + n) is about χ² distributed with
// bins − 1 degrees of freedom. B. Yurdakul, J. Naranjo, "Statistical properties of the population stability
// index", Journal of Risk Model Validation 14 (2020).
double stability_index_by_chance(std::size_t bins, double m, double n, double p);

// The root of the divergence, in natural logarithms: 0 to √(ln 2). J. Lin, "Divergence measures based on the
// Shannon entropy", IEEE Transactions on Information Theory 37 (1991), with equal weights.
double jensen_shannon_distance(const BinnedRows& rows);
// √(1 − Σ √(r · c)), 0 to 1.
double hellinger_distance(const BinnedRows& rows);

// p-value of χ² against the counts that the reference leads to expect. 0 where a bin that it lacks has rows.
double chi_square_p(const BinnedRows& rows);
// p-value, two-sided, of two shares with a pooled variance: of rows that are not in the first bin.
double two_proportions_p(const BinnedRows& rows);

// Largest distance between the distribution functions.
double ks_distance(const NumberDistribution& reference, const NumberDistribution& current);
// ∫ |F − G|: how far rows must be moved on average, in the numbers' unit.
double wasserstein_distance(const NumberDistribution& reference, const NumberDistribution& current);

}  // namespace millrace
