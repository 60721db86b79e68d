#include "statistics/key_ranges.hpp"

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace {
namespace {

constexpr std::uint64_t kLastKey = ~std::uint64_t{0};

struct SomeRanges {
  KeyRanges ranges;
  std::vector<bool> holds;  // of 0 to 99
};

SomeRanges some_ranges(CounterRandom& random) {
  SomeRanges some{{}, std::vector<bool>(100)};
  for (std::uint64_t first = random.below(30); first < 100;) {
    const std::uint64_t last = std::min<std::uint64_t>(99, first + random.below(9));
    some.ranges.add({first, last});
    for (std::uint64_t key = first; key <= last; ++key) some.holds[key] = true;
    first = last + 1 + random.below(random.below(2) == 0 ? 1 : 20);
  }
  return some;
}

TEST(KeyRanges, ContainWhatWasAdded) {
  CounterRandom random(3);
  for (int trial = 0; trial < 40; ++trial) {
    const SomeRanges some = some_ranges(random);
    for (std::uint64_t key = 0; key < 100; ++key)
      EXPECT_EQ(some.ranges.contains(key), some.holds[key]) << key;
    EXPECT_FALSE(some.ranges.contains(kLastKey));
    const auto back = Json(some.ranges).get<KeyRanges>();
    EXPECT_EQ(Json(back), Json(some.ranges));
  }
  EXPECT_FALSE(KeyRanges().contains(0));
}

TEST(KeyRanges, CoverWhatLiesWithin) {
  CounterRandom random(4);
  int covered = 0;
  for (int trial = 0; trial < 400; ++trial) {
    const SomeRanges one = some_ranges(random);
    SomeRanges other = some_ranges(random);
    if (trial % 2 == 0) {  // one that may well lie within
      const std::uint64_t first = random.below(100);
      const std::uint64_t last = std::min<std::uint64_t>(99, first + random.below(3));
      other = {{}, std::vector<bool>(100)};
      other.ranges.add({first, last});
      for (std::uint64_t key = first; key <= last; ++key) other.holds[key] = true;
    }
    bool within = true;
    for (std::size_t key = 0; key < 100; ++key) within = within && (one.holds[key] || !other.holds[key]);
    EXPECT_EQ(one.ranges.cover(other.ranges), within);
    covered += within ? 1 : 0;
  }
  EXPECT_GT(covered, 20);
  EXPECT_TRUE(KeyRanges().cover(KeyRanges()));
}

TEST(KeyRanges, ReachTheLastKeyAndRefuseAnotherOrder) {
  KeyRanges ranges;
  ranges.add({5, 7});
  EXPECT_THROW(ranges.add({7, 9}), Error);
  EXPECT_THROW(ranges.add({9, 8}), Error);
  ranges.add({kLastKey, kLastKey});
  EXPECT_TRUE(ranges.contains(kLastKey));
  EXPECT_FALSE(ranges.contains(kLastKey - 1));
}

}  // namespace
}  // namespace millrace
