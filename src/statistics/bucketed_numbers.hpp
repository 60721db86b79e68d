// Exact quantiles and a histogram of numbers that are counted by buckets: only those buckets have to be known
// value by value that a quantile lies in, or a border between two bins. Counts of these buckets' values take
// their place, by finer buckets where there are very many, and so on:
//
//   BucketedNumbers numbers(counts, bins, shares);
//   for (KeyRanges needed = numbers.needed(); !needed.empty(); needed = numbers.needed())
//     numbers.refine(needed, counts of all values in `needed`, which tell more bits apart);
//   quantiles_of(numbers.numbers(), shares), histogram_of(numbers.numbers(), bins)
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "statistics/bucket_counts.hpp"
#include "statistics/counted_numbers.hpp"
#include "statistics/key_ranges.hpp"

namespace millrace {

class BucketedNumbers {
 public:
  // `counts` of at least one value, `bins` from the least to the largest of them.
  BucketedNumbers(const BucketCounts& counts, const EqualBins& bins, std::span<const double> shares);

  [[nodiscard]] std::uint64_t present() const { return present_; }
  // None once quantiles and histogram are known. With `slack`, as if each quantile might lie so many ranks
  // further up or down.
  [[nodiscard]] KeyRanges needed(std::uint64_t slack = 0) const;
  void refine(const KeyRanges& needed, const BucketCounts& finer);
  // Each bucket by one value in it.
  [[nodiscard]] CountedNumbers numbers() const;

 private:
  std::vector<KeyBucket> buckets_;  // ascending
  EqualBins bins_;
  std::vector<std::uint64_t>
      ranks_;  // of quantiles' neighbours that are neither the least nor the largest value
  std::uint64_t present_ = 0;
};

}  // namespace millrace
