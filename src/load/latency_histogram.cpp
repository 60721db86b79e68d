#include "load/latency_histogram.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace millrace::load {

// Values below 128 have a bucket each; above, the seven bits behind the leading one choose among the
// octave's.
std::size_t LatencyHistogram::bucket_of(std::uint64_t value) {
  if (value < (std::uint64_t{1} << kBits)) return value;
  const auto octave = static_cast<unsigned>(std::bit_width(value)) - 1 - kBits;
  return (std::size_t{octave} << kBits) + static_cast<std::size_t>(value >> octave);
}

std::uint64_t LatencyHistogram::upper_border(std::size_t bucket) {
  if (bucket < (std::size_t{2} << kBits)) return bucket;
  const std::size_t octave = (bucket >> kBits) - 1;
  const std::uint64_t lead = bucket - (octave << kBits);
  return ((lead + 1) << octave) - 1;  // the last octave's last wraps round to the largest number
}

void LatencyHistogram::add(std::uint64_t nanoseconds) {
  ++counts_[bucket_of(nanoseconds)];
  ++count_;
  max_ = std::max(max_, nanoseconds);
  sum_ += static_cast<double>(nanoseconds);
}

void LatencyHistogram::merge(const LatencyHistogram& other) {
  for (std::size_t i = 0; i < kBuckets; ++i) counts_[i] += other.counts_[i];
  count_ += other.count_;
  max_ = std::max(max_, other.max_);
  sum_ += other.sum_;
}

double LatencyHistogram::mean() const {
  return count_ == 0 ? 0 : sum_ / static_cast<double>(count_);
}

std::uint64_t LatencyHistogram::quantile(double q) const {
  const auto wanted = static_cast<std::uint64_t>(std::ceil(q * static_cast<double>(count_)));
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < kBuckets && count_ > 0; ++i) {
    seen += counts_[i];
    if (seen >= std::max<std::uint64_t>(wanted, 1)) return std::min(upper_border(i), max_);
  }
  return max_;
}

}  // namespace millrace::load
