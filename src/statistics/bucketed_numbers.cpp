#include "statistics/bucketed_numbers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/error.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {

namespace {

// A neighbour without weight is of no account.
std::vector<std::uint64_t> ranks_with_weight(std::span<const double> shares, std::uint64_t present) {
  std::vector<std::uint64_t> ranks;
  for (const double share : shares) {
    const QuantilePosition position = quantile_position(share, present);
    ranks.push_back(position.low);
    if (position.weight > 0) ranks.push_back(position.high);
  }
  std::erase_if(ranks, [&](std::uint64_t rank) { return rank == 0 || rank + 1 == present; });
  return ranks;
}

}  // namespace

// The first bucket begins with the least value, and the last one ends with the largest.
BucketedNumbers::BucketedNumbers(const BucketCounts& counts, const EqualBins& bins,
                                 std::span<const double> shares)
    : buckets_(counts.buckets()), bins_(bins) {
  if (buckets_.empty()) throw internal_error("quantiles of no values");
  buckets_.front().keys.first = order_key(bins.min);
  buckets_.back().keys.last = order_key(bins.max);
  for (const KeyBucket& bucket : buckets_) present_ += bucket.count;
  ranks_ = ranks_with_weight(shares, present_);
}

KeyRanges BucketedNumbers::needed(std::uint64_t slack) const {
  KeyRanges ranges;
  std::uint64_t below = 0;
  for (const auto& [keys, count] : buckets_) {
    const auto holds = [&, below = below, count = count](std::uint64_t rank) {
      return rank + slack >= below && rank < below + count + slack;
    };
    const bool is_cut = bins_.of(key_number(keys.first)) != bins_.of(key_number(keys.last));
    if (keys.first != keys.last && (is_cut || std::ranges::any_of(ranks_, holds))) ranges.add(keys);
    below += count;
  }
  return ranges;
}

void BucketedNumbers::refine(const KeyRanges& needed, const BucketCounts& finer) {
  std::vector<KeyBucket> parts;
  std::uint64_t total = 0;
  for (KeyBucket bucket : finer.buckets()) {
    bucket.keys.first = std::max(bucket.keys.first, buckets_.front().keys.first);
    bucket.keys.last = std::min(bucket.keys.last, buckets_.back().keys.last);
    total += bucket.count;
    parts.push_back(bucket);
  }
  std::erase_if(buckets_, [&](const KeyBucket& bucket) { return needed.contains(bucket.keys.first); });
  for (const KeyBucket& bucket : buckets_) total += bucket.count;
  if (total != present_) throw internal_error("{} values were counted, and then {}", present_, total);
  std::vector<KeyBucket> all;
  std::ranges::merge(
      buckets_, parts, std::back_inserter(all), {}, [](const auto& b) { return b.keys.first; },
      [](const auto& b) { return b.keys.first; });
  buckets_ = std::move(all);
}

// Ends are as they are: they need not be known otherwise.
CountedNumbers BucketedNumbers::numbers() const {
  CountedNumbers numbers;
  for (const auto& [keys, count] : buckets_) numbers.emplace_back(key_number(keys.first), count);
  numbers.back().first = key_number(buckets_.back().keys.last);
  return numbers;
}

}  // namespace millrace
