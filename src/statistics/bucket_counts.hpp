// How many numbers lie in each bucket of neighbouring ones: exact counts by the leading bits of order_key(),
// as many of them as leave at most `most` buckets. So buckets are as wide as the values' spread asks for, and
// narrower towards 0. Merging is order-free: the state depends on the values alone.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "statistics/key_ranges.hpp"
#include "statistics/number_counts.hpp"

namespace millrace {

struct KeyBucket {
  KeyRange keys;
  std::uint64_t count = 0;
};

class BucketCounts {
 public:
  // Of a column: a bucket then holds about a thousandth of it. Forty bits tell apart what the numbers of a
  // day or two have in common: keys, moments.
  static constexpr std::size_t kMost = 4096;
  static constexpr unsigned kMostBits = 40;

  // `most` ≥ 2 buckets, told apart by at most `bits` ≤ 64 bits.
  explicit BucketCounts(std::size_t most = kMost, unsigned bits = kMostBits) : most_(most), bits_(bits) {}

  void add(std::uint64_t key, std::uint64_t times = 1) {
    if (!packed_.empty()) unpack();
    counts_.add(key >> (64U - bits_), times);
    if (counts_.size() > 2 * most_) coarsen();
  }
  void merge(const BucketCounts& other);
  // Takes a tenth of the room until it is added to again: of each column of each file there is one.
  void pack();

  [[nodiscard]] unsigned bits() const;
  [[nodiscard]] std::vector<KeyBucket> buckets() const;  // ascending; their keys are all that they may hold

  friend void to_json(Json& json, const BucketCounts& counts);
  // With `most` of the counter that is there. Throws kResource for a text that is damaged.
  friend void from_json(const Json& json, BucketCounts& counts);

 private:
  void unpack();
  [[nodiscard]] BucketCounts settled() const;  // not packed
  // By fewer bits; nothing where they leave too many buckets.
  [[nodiscard]] std::optional<NumberCounts> by(unsigned bits) const;
  void coarsen();

  std::size_t most_;
  unsigned bits_;
  // By the leading bits; up to twice as many as there may be, to be coarsened less often.
  NumberCounts counts_;
  std::string packed_;  // instead
};

}  // namespace millrace
