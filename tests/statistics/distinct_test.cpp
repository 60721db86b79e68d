#include "statistics/distinct.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace {
namespace {

constexpr std::uint64_t kBeyond = DistinctCounter::kExactLimit + 1;

std::string bytes_of(const DistinctCounter& counter) {
  return canonical_json(with_buckets(counter));
}

void add(DistinctCounter& counter, std::uint64_t value) {
  if (counter.type() == ColumnType::kText) {
    counter.add("value " + std::to_string(value));
  } else if (counter.type() == ColumnType::kReal) {
    counter.add_real(static_cast<double>(value) / 7);
  } else {
    counter.add_integer(static_cast<std::int64_t>(value));
  }
}

DistinctCounter counted(ColumnType type, const std::vector<std::uint64_t>& values) {
  DistinctCounter counter(type);
  for (const std::uint64_t value : values) add(counter, value);
  return counter;
}

class EachKind : public testing::TestWithParam<ColumnType> {};
INSTANTIATE_TEST_SUITE_P(DistinctCounter, EachKind,
                         testing::Values(ColumnType::kText, ColumnType::kReal, ColumnType::kInteger));

TEST_P(EachKind, IsExactUpToTheLimit) {
  DistinctCounter counter(GetParam());
  EXPECT_EQ(counter.count(), 0U);
  for (std::uint64_t i = 0; i < DistinctCounter::kExactLimit; ++i) {
    add(counter, i);
    add(counter, i);
  }
  EXPECT_TRUE(counter.exact());
  EXPECT_EQ(counter.count(), DistinctCounter::kExactLimit);
  const auto counts = counter.counts();
  EXPECT_EQ(counts.size(), DistinctCounter::kExactLimit);
  EXPECT_TRUE(std::ranges::all_of(counts, [](const auto& entry) { return entry.second == 2; }));
}

TEST_P(EachKind, EstimatesWithinFiveStandardErrorsBeyond) {
  DistinctCounter counter(GetParam());
  std::uint64_t added = 0;
  for (const std::uint64_t n : {kBeyond, std::uint64_t{150'000}, std::uint64_t{400'000}}) {
    while (added < n) add(counter, added++);
    EXPECT_FALSE(counter.exact());
    EXPECT_NEAR(static_cast<double>(counter.count()), static_cast<double>(n),
                5 * 0.016 * static_cast<double>(n));
    EXPECT_GT(counter.count(), DistinctCounter::kExactLimit);
  }
  EXPECT_TRUE(counter.counts().empty());
  EXPECT_TRUE(counter.most_frequent(3).empty());
}

// Any partition into shards, merged in any order, gives the same bytes: below the limit, at it, beyond it.
TEST_P(EachKind, MergingIsOrderFree) {
  CounterRandom random(1);
  for (const std::uint64_t distinct :
       {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{900}, kBeyond - 1, kBeyond, 2 * kBeyond}) {
    std::vector<std::uint64_t> values;
    for (std::uint64_t i = 0; i < distinct; ++i) values.insert(values.end(), 1 + (i % 3 == 0), i);
    const std::string expected = bytes_of(counted(GetParam(), values));
    std::vector<DistinctCounter> shards(4, DistinctCounter(GetParam()));
    for (const std::uint64_t value : values) add(shards[random.below(shards.size())], value);
    std::vector<std::size_t> order{0, 1, 2, 3};
    do {
      if (order[0] > 1) continue;  // half of the orders are enough
      DistinctCounter merged(GetParam());
      for (const std::size_t shard : order) merged.merge(shards[shard]);
      ASSERT_EQ(bytes_of(merged), expected) << distinct;
    } while (distinct < 1000 && std::ranges::next_permutation(order).found);
  }
}

TEST_P(EachKind, ReadsBackFromJson) {
  for (const std::uint64_t distinct : {std::uint64_t{0}, std::uint64_t{100}, kBeyond}) {
    DistinctCounter counter(GetParam());
    for (std::uint64_t i = 0; i < distinct; ++i) add(counter, i);
    const auto back = parse_json(bytes_of(counter), "test").get<DistinctCounter>();
    EXPECT_EQ(bytes_of(back), bytes_of(counter));
    EXPECT_EQ(back.count(), counter.count());
  }
}

TEST(DistinctCounter, NumbersBecomeCanonicalText) {
  DistinctCounter reals(ColumnType::kReal);
  reals.add_real(-0.0);
  reals.add_real(0.0, 2);
  reals.add_real(0.1);
  EXPECT_EQ(reals.counts(), (std::map<std::string, std::uint64_t>{{"0", 3}, {"0.1", 1}}));
  DistinctCounter days(ColumnType::kDate);
  days.add_integer(-1, 5);
  EXPECT_EQ(days.counts(), (std::map<std::string, std::uint64_t>{{"1969-12-31", 5}}));
  DistinctCounter flags(ColumnType::kBoolean);
  flags.add_integer(1);
  EXPECT_EQ(flags.counts(), (std::map<std::string, std::uint64_t>{{"true", 1}}));
  DistinctCounter integers(ColumnType::kInteger);
  integers.add_integer(9007199254740993);  // no double holds it
  EXPECT_EQ(integers.counts(), (std::map<std::string, std::uint64_t>{{"9007199254740993", 1}}));
}

TEST(DistinctCounter, MostFrequentByCountThenByValue) {
  DistinctCounter counter;
  counter.add("b", 2);
  counter.add("c", 3);
  counter.add("a", 2);
  counter.add("", 1);
  using Entries = std::vector<std::pair<std::string, std::uint64_t>>;
  EXPECT_EQ(counter.most_frequent(3), (Entries{{"c", 3}, {"a", 2}, {"b", 2}}));
  EXPECT_EQ(counter.most_frequent(0), Entries{});
  EXPECT_EQ(counter.most_frequent(99).size(), 4U);
}

// Few numbers can be read in JSON, more are packed; both come back.
TEST(DistinctCounter, NumbersComeBackFromJson) {
  for (const ColumnType type : {ColumnType::kReal, ColumnType::kInteger, ColumnType::kTimestamp}) {
    for (const std::size_t values :
         {DistinctCounter::kReadable, DistinctCounter::kReadable + 1, std::size_t{20000}}) {
      DistinctCounter counter(type);
      for (std::size_t i = 0; i < values; ++i) {
        const auto value = static_cast<std::int64_t>(i) - 500;
        type == ColumnType::kReal ? counter.add_real(static_cast<double>(value) / 7, 1 + i % 300)
                                  : counter.add_integer(value, 1 + i % 300);
      }
      const Json json = counter;
      EXPECT_EQ(json.contains("packed"), values > DistinctCounter::kReadable);
      const auto back = json.get<DistinctCounter>();
      EXPECT_EQ(back.count(), values);
      EXPECT_EQ(back.counts(), counter.counts());
      EXPECT_EQ(Json(back), json);
    }
  }
}

TEST(DistinctCounter, RefusesTornJsonAndOtherTypes) {
  for (const char* text :
       {R"({})", R"({"type": "text"})", R"({"type": "text", "registers": "AAAA"})",
        R"({"type": "integer", "counts": {"x": 1}})", R"({"type": "integer", "values": 1, "packed": "gA=="})",
        R"({"type": "text", "counts": {"x": "1"}})"}) {
    EXPECT_THROW((void)Json::parse(text).get<DistinctCounter>(), Error) << text;
  }
  Json wrong_letter = {{"type", "text"},
                       {"registers", std::string(DistinctCounter::kRegisters - 1, 'A') + "~"}};
  EXPECT_THROW((void)wrong_letter.get<DistinctCounter>(), Error);
  DistinctCounter texts;
  EXPECT_THROW(texts.merge(DistinctCounter(ColumnType::kReal)), Error);
}

}  // namespace
}  // namespace millrace
