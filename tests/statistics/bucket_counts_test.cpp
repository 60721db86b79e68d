#include "statistics/bucket_counts.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include "base/encodings.hpp"
#include "base/random.hpp"
#include "statistics/quantiles.hpp"

namespace millrace {
namespace {

// Normal, close together, few with many ties, of every magnitude.
std::vector<std::uint64_t> keys_of_a_kind(std::uint64_t seed, std::size_t count) {
  CounterRandom random(derive_key({seed, 5}));
  std::vector<std::uint64_t> keys(count);
  for (std::uint64_t& key : keys) {
    switch (seed % 4) {
      case 0:
        key = order_key(random.normal());
        break;
      case 1:
        key = order_key(1e9 + static_cast<double>(random.below(100000)));
        break;
      case 2:
        key = order_key(random.below(3) == 0 ? 0 : std::round(random.normal() * 9));
        break;
      default:
        key = random.next_u64();
    }
  }
  return keys;
}

BucketCounts counts_of(std::span<const std::uint64_t> keys, std::size_t most, unsigned bits) {
  BucketCounts counts(most, bits);
  for (const std::uint64_t key : keys) counts.add(key);
  return counts;
}

std::map<std::uint64_t, std::uint64_t> by_bits(std::span<const std::uint64_t> keys, unsigned bits) {
  std::map<std::uint64_t, std::uint64_t> counts;
  for (const std::uint64_t key : keys) ++counts[key >> (64U - bits)];
  return counts;
}

void expect_same(const BucketCounts& one, const BucketCounts& other) {
  EXPECT_EQ(canonical_json(one), canonical_json(other));
}

TEST(BucketCounts, AreThoseOfTheMostBitsThatLeaveFewEnough) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const auto keys = keys_of_a_kind(seed, 3000);
    const unsigned most_bits = seed < 6 ? 64 : 40;
    const std::size_t most = 2 + seed * 13;
    const BucketCounts counts = counts_of(keys, most, most_bits);
    const auto expected = by_bits(keys, counts.bits());
    EXPECT_LE(expected.size(), most);
    EXPECT_TRUE(counts.bits() == most_bits || by_bits(keys, counts.bits() + 1).size() > most);
    const auto buckets = counts.buckets();
    ASSERT_EQ(buckets.size(), expected.size());
    auto next = expected.begin();
    for (const auto& [range, count] : buckets) {
      EXPECT_EQ(range.first, next->first << (64U - counts.bits()));
      EXPECT_EQ(range.last >> (64U - counts.bits()), next->first);
      EXPECT_EQ(range.last + 1, (next->first + 1) << (64U - counts.bits()));  // 0 at the very end
      EXPECT_EQ(count, next++->second);
    }
  }
}

TEST(BucketCounts, MergeInAnyOrderAndPacked) {
  for (std::uint64_t seed = 0; seed < 8; ++seed) {
    CounterRandom random(derive_key({seed, 6}));
    const auto keys = keys_of_a_kind(seed, 4000);
    const std::size_t most = 2 + random.below(300);
    std::vector<BucketCounts> parts(1 + random.below(6), BucketCounts(most, 40));
    for (const std::uint64_t key : keys) parts[random.below(parts.size())].add(key);
    for (BucketCounts& part : parts) {
      if (random.below(2) == 0) part.pack();
      if (random.below(2) == 0) {
        BucketCounts back(most, 40);
        Json(part).get_to(back);
        part = back;
      }
    }
    BucketCounts all(most, 40);
    for (const BucketCounts& part : parts) all.merge(part);
    expect_same(all, counts_of(keys, most, 40));
    BucketCounts backwards(most, 40);
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) backwards.merge(*part);
    backwards.pack();
    expect_same(backwards, all);
    backwards.merge(BucketCounts(most, 40));
    expect_same(backwards, all);
  }
}

TEST(BucketCounts, RefuseWhatIsDamaged) {
  Json json = counts_of(keys_of_a_kind(0, 100), 10, 40);
  BucketCounts counts(10, 40);
  json.get_to(counts);
  json["bits"] = 0;
  EXPECT_THROW(json.get_to(counts), Error);
  json["bits"] = 65;
  EXPECT_THROW(json.get_to(counts), Error);
  json["bits"] = 2;
  json["packed"] = base64("\x04\x01");  // the fifth of four
  EXPECT_THROW(json.get_to(counts), Error);
  json["packed"] = "===";
  EXPECT_THROW(json.get_to(counts), Error);
}

}  // namespace
}  // namespace millrace
