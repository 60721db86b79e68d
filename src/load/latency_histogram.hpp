// Latencies counted in log-linear buckets, as in HdrHistogram (G. Tene): each power of two is cut into 128
// equal parts, so that a quantile is at most 1/128 above the exact one, at any magnitude, and histograms of
// threads merge by addition.
#pragma once

#include <array>
#include <cstdint>

namespace millrace::load {

class LatencyHistogram {
 public:
  void add(std::uint64_t nanoseconds);
  void merge(const LatencyHistogram& other);

  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::uint64_t max() const { return max_; }
  [[nodiscard]] double mean() const;
  // Of the smallest value that a share q in (0, 1] of all values does not exceed: the upper border of its
  // bucket, at most max(). 0 where there are none.
  [[nodiscard]] std::uint64_t quantile(double q) const;

 private:
  static constexpr unsigned kBits = 7;  // 128 buckets an octave
  static constexpr std::size_t kBuckets = (std::size_t{64} - kBits + 1) << kBits;
  static std::size_t bucket_of(std::uint64_t value);
  static std::uint64_t upper_border(std::size_t bucket);

  std::array<std::uint64_t, kBuckets> counts_{};
  std::uint64_t count_ = 0;
  std::uint64_t max_ = 0;
  double sum_ = 0;
};

}  // namespace millrace::load
