#include "net/token_buckets.hpp"

#include <algorithm>

namespace millrace {

namespace {

constexpr std::size_t kFewBuckets = 1024;

}  // namespace

TokenBuckets::TokenBuckets(double per_second)
    : per_second_(per_second), capacity_(std::max(1.0, per_second)), forget_at_(kFewBuckets) {}

double TokenBuckets::take(const Address& client, Clock::time_point now) {
  if (buckets_.size() >= forget_at_) forget_full(now);
  Bucket& bucket = buckets_.try_emplace(client, Bucket{capacity_, now}).first->second;
  bucket = {tokens_at(bucket, now), now};
  if (bucket.tokens < 1) return (1 - bucket.tokens) / per_second_;
  bucket.tokens -= 1;
  return 0;
}

double TokenBuckets::tokens_at(const Bucket& bucket, Clock::time_point now) const {
  const std::chrono::duration<double> passed = now - bucket.filled;
  return std::min(capacity_, bucket.tokens + passed.count() * per_second_);
}

// At twice the size that is left, so that the cost of a request stays constant on average.
void TokenBuckets::forget_full(Clock::time_point now) {
  std::erase_if(buckets_, [&](const auto& entry) { return tokens_at(entry.second, now) >= capacity_; });
  forget_at_ = std::max(kFewBuckets, 2 * buckets_.size());
}

TokenBuckets::Address client_of(const TokenBuckets::Address& address) {
  namespace ip = boost::asio::ip;
  if (address.is_v4()) return address;
  const ip::address_v6 v6 = address.to_v6();
  if (v6.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, v6);
  auto bytes = v6.to_bytes();
  std::fill(bytes.begin() + 8, bytes.end(), std::uint8_t{0});
  return ip::address_v6(bytes);
}

}  // namespace millrace
