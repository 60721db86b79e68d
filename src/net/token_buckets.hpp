// A limit on each client's rate: a token bucket for each address. It holds one second's worth of requests (at
// least one), so that a burst after silence passes. Internal to net/; not thread-safe.
#pragma once

#include <chrono>
#include <map>

#include <boost/asio/ip/address.hpp>

namespace millrace {

class TokenBuckets {
 public:
  using Clock = std::chrono::steady_clock;
  using Address = boost::asio::ip::address;

  explicit TokenBuckets(double per_second);

  // Takes a token. Returns 0, or the seconds until there is one.
  double take(const Address& client, Clock::time_point now);
  // Those that are not full: full ones are forgotten.
  [[nodiscard]] std::size_t size() const { return buckets_.size(); }

 private:
  struct Bucket {
    double tokens;
    Clock::time_point filled;
  };
  [[nodiscard]] double tokens_at(const Bucket& bucket, Clock::time_point now) const;
  void forget_full(Clock::time_point now);

  double per_second_;
  double capacity_;
  std::map<Address, Bucket> buckets_;
  std::size_t forget_at_;  // so many buckets
};

// Who is counted as one: an IPv4 address, or an IPv6 address's first 64 bits, which is what one host can
// choose from.
TokenBuckets::Address client_of(const TokenBuckets::Address& address);

}  // namespace millrace
