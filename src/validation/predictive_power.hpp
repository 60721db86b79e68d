// Private to validation/: how much of a target one column explains by itself.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace {

// A row as the two columns see it: equal keys are equal values, and keys of numbers have their order.
struct Observation {
  std::uint64_t key = 0;  // kMissingKey: no value
  double target = 0;      // a number, or a class
};
inline constexpr std::uint64_t kMissingKey = 0;

enum class KeyOrder { kNone, kNumbers };
enum class TargetKind { kNumber, kClass };

// The share of the target's variance that is explained by the means of rows with equal keys (of numbers:
// within blocks of neighbouring ones), each row predicted by the others alone, so that identifiers explain
// nothing. For numbers the squared correlation ratio; for classes, as the variance of their indicators,
// Goodman and Kruskal's tau: "Measures of association for cross classifications", Journal of the American
// Statistical Association 49 (1954). From 0 (nothing, or a target that does not vary) to 1; rows may come in
// any order.
double predictive_power(std::vector<Observation> rows, KeyOrder order, TargetKind kind);

}  // namespace millrace
