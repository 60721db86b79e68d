// Exact order statistics by radix selection on order-preserving 64-bit keys: passes of 16 or 8 bits, each a
// histogram of integer counts, so that shards and ranks merge by addition and the result does not depend on
// their number, nor on the bits. −0 equals +0. NaN never gets here (it is no value).
//
//   QuantileSelection selection(ranks);            // 0-based positions among the sorted values
//   while (!selection.done()) {
//     for (each shard) selection.count(values);    // any order, on any rank
//     all-reduce(selection.counts());              // sum; 8 · 2^bits bytes for each distinct prefix
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
double key_number(std::uint64_t key);

class QuantileSelection {
 public:
  // `digit_bits`, 16 or 8: four passes, or eight with counts that are 256 times smaller.
  explicit QuantileSelection(const std::vector<std::uint64_t>& ranks, unsigned digit_bits = 16);

  [[nodiscard]] bool done() const { return pass_ == passes(); }
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
  [[nodiscard]] unsigned passes() const { return 64 / digit_bits_; }
  [[nodiscard]] std::size_t bins() const { return std::size_t{1} << digit_bits_; }
  void descend(Target& target) const;

  unsigned digit_bits_;
  std::vector<Target> targets_;
  std::vector<std::uint64_t> prefixes_;  // distinct, sorted: one histogram each
  std::vector<std::uint64_t> counts_;    // prefixes_.size() × bins()
  unsigned pass_ = 0;
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
