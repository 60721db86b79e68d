// Exact order statistics by radix selection on order-preserving 64-bit keys: four passes of 16 bits, each a
// histogram of integer counts, so that shards and ranks merge by addition and the result does not depend on
// their number. −0 equals +0. NaN never gets here (it is no value).
//
//   QuantileSelection selection(ranks);            // 0-based positions among the sorted values
//   while (!selection.done()) {
//     for (each shard) selection.count(values);    // any order, on any rank
//     all-reduce(selection.counts());              // sum; 512 KiB for each distinct prefix
//     selection.refine();
//   }
//   selection.result()[i] is the value at ranks[i]
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace millrace {

// Keys in the order of the numbers; 0 is no number's.
std::uint64_t order_key(double value);

class QuantileSelection {
 public:
  explicit QuantileSelection(const std::vector<std::uint64_t>& ranks);

  [[nodiscard]] bool done() const { return pass_ == kPasses; }
  void count(double value);
  void count(std::span<const double> values);
  [[nodiscard]] std::span<std::uint64_t> counts() { return counts_; }
  void refine();
  [[nodiscard]] std::vector<double> result() const;  // in the order of `ranks`

 private:
  struct Target {
    std::uint64_t rank;    // among the values that share the prefix
    std::uint64_t prefix;  // key bits fixed so far
    std::size_t slot;      // which histogram of this pass
  };
  static constexpr int kPasses = 4;
  void descend(Target& target) const;

  std::vector<Target> targets_;
  std::vector<std::uint64_t> prefixes_;  // distinct, sorted: one histogram each
  std::vector<std::uint64_t> counts_;    // prefixes_.size() × 65536
  int pass_ = 0;
};

// The two ranks and the weight of a quantile q in [0, 1] of n values by linear interpolation (numpy's
// default): value = (1 − w)·x[low] + w·x[high].
struct QuantilePosition {
  std::uint64_t low;
  std::uint64_t high;
  double weight;
};
QuantilePosition quantile_position(double q, std::uint64_t n);

}  // namespace millrace
