// Figures of a window of requests, and how sure one can be of them.
#pragma once

#include <cstdint>

#include "deployment/arms.hpp"

namespace millrace {

// `part` of `whole`; 0 of nothing.
double share_of(std::uint64_t part, std::uint64_t whole);
// Whether a share is surely above the allowed one: as many of `whole` would come by chance with a probability
// below 10^-4 (the exact binomial tail), small since one looks again and again.
bool is_surely_above(std::uint64_t part, std::uint64_t whole, double allowed);

// The upper border of the bin that holds the quantile, so that it is never understated: exact for limits that
// are borders. Infinite in the last bin, 0 without values.
double quantile_at_most(const Histogram& histogram, double quantile);
// Values that are above the limit whatever they are in their bins.
std::uint64_t count_surely_above(const Histogram& histogram, double limit);

// The population stability index of two histograms with equal borders, Σ (p − q)·ln(p/q) over the bins that
// either has values in, half a value added to each of them so that an empty one is no infinity.
struct Drift {
  double index = 0;
  // What chance gives where both are draws from one distribution: index / (1/n + 1/m) is then about
  // chi-squared with B − 1 degrees of freedom (B: bins, n, m: values), since p ≈ q makes each term
  // (p − q)²/q; so its mean is (B − 1)(1/n + 1/m), its deviation √(2(B − 1))(1/n + 1/m). Yurdakul, Naranjo,
  // "Statistical properties of the population stability index", J. Risk Model Validation 14 (2020).
  double by_chance = 0;
  double deviation = 0;

  [[nodiscard]] double excess() const { return index - by_chance; }
  [[nodiscard]] bool is_sure() const { return excess() > 3 * deviation; }
};
// 0 where the borders differ or either has no values.
Drift drift_between(const Histogram& one, const Histogram& other);

}  // namespace millrace
