#include "net/token_buckets.hpp"

#include <gtest/gtest.h>

namespace millrace {
namespace {

using namespace std::chrono_literals;
using Clock = TokenBuckets::Clock;

TokenBuckets::Address address(const std::string& text) {
  return boost::asio::ip::make_address(text);
}

int taken(TokenBuckets& buckets, const std::string& client, Clock::time_point now, int attempts) {
  int count = 0;
  for (int i = 0; i < attempts; ++i) count += buckets.take(address(client), now) == 0 ? 1 : 0;
  return count;
}

TEST(TokenBuckets, ASecondsWorthPassesAtOnceAndThenTheRate) {
  TokenBuckets buckets(10);
  const Clock::time_point start{};
  EXPECT_EQ(taken(buckets, "10.0.0.1", start, 25), 10);
  EXPECT_EQ(taken(buckets, "10.0.0.1", start + 500ms, 25), 5);
  EXPECT_EQ(taken(buckets, "10.0.0.1", start + 1h, 25), 10);  // silence saves no more than that
}

TEST(TokenBuckets, SaysHowLongToWait) {
  TokenBuckets buckets(0.25);
  const Clock::time_point start{};
  EXPECT_EQ(buckets.take(address("10.0.0.1"), start), 0);
  EXPECT_EQ(buckets.take(address("10.0.0.1"), start), 4);
  EXPECT_EQ(buckets.take(address("10.0.0.1"), start + 3s), 1);
  EXPECT_EQ(buckets.take(address("10.0.0.1"), start + 4s), 0);
}

TEST(TokenBuckets, ClientsDoNotShare) {
  TokenBuckets buckets(1);
  const Clock::time_point start{};
  EXPECT_EQ(taken(buckets, "10.0.0.1", start, 3), 1);
  EXPECT_EQ(taken(buckets, "10.0.0.2", start, 3), 1);
}

TEST(TokenBuckets, ForgetThoseThatAreFull) {
  TokenBuckets buckets(1);
  Clock::time_point now{};
  for (std::uint32_t i = 0; i < 100000; ++i) {
    now += 1ms;
    (void)buckets.take(boost::asio::ip::make_address_v4(i), now);
  }
  EXPECT_LE(buckets.size(), 2500U);  // a thousand are not full at any time
}

TEST(TokenBuckets, OneClientIsAnAddressOrANetworkOfVersion6) {
  EXPECT_EQ(client_of(address("10.1.2.3")), address("10.1.2.3"));
  EXPECT_EQ(client_of(address("::ffff:10.1.2.3")), address("10.1.2.3"));
  EXPECT_EQ(client_of(address("2001:db8:1:2:3:4:5:6")), address("2001:db8:1:2::"));
}

}  // namespace
}  // namespace millrace
