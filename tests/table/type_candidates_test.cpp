#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/parse.hpp"

namespace millrace {
namespace {

ColumnType inferred(const std::vector<std::string>& values) {
  TypeCandidates candidates;
  for (const std::string& value : values) candidates.observe(value);
  return candidates.result();
}

TEST(TypeCandidates, OfOneKindOfValue) {
  EXPECT_EQ(inferred({}), ColumnType::kText);
  EXPECT_EQ(inferred({"true", "FALSE"}), ColumnType::kBoolean);
  EXPECT_EQ(inferred({"0", "1"}), ColumnType::kInteger);
  EXPECT_EQ(inferred({"-7", "+8", "0"}), ColumnType::kInteger);
  EXPECT_EQ(inferred({"1.5", "2e3"}), ColumnType::kReal);
  EXPECT_EQ(inferred({"2026-11-24"}), ColumnType::kDate);
  EXPECT_EQ(inferred({"2026-11-24T03:26"}), ColumnType::kTimestamp);
  EXPECT_EQ(inferred({"No"}), ColumnType::kText);
}

TEST(TypeCandidates, OfMixturesIsTheNarrowestThatHoldsAll) {
  EXPECT_EQ(inferred({"1", "1.5"}), ColumnType::kReal);
  EXPECT_EQ(inferred({"1", "99999999999999999999"}), ColumnType::kReal);
  EXPECT_EQ(inferred({"2026-11-24", "2026-11-24 03:26"}), ColumnType::kTimestamp);
  EXPECT_EQ(inferred({"true", "1"}), ColumnType::kText);
  EXPECT_EQ(inferred({"1", "2026-11-24"}), ColumnType::kText);
  EXPECT_EQ(inferred({"1", "2", "n/a"}), ColumnType::kText);
}

TEST(TypeCandidates, WhatANumberWouldChangeIsText) {
  EXPECT_EQ(inferred({"12345", "00123"}), ColumnType::kText);
  EXPECT_EQ(inferred({"-007"}), ColumnType::kText);
  EXPECT_EQ(inferred({"00.5"}), ColumnType::kText);
  EXPECT_EQ(inferred({"1.5", "inf"}), ColumnType::kText);
  EXPECT_EQ(inferred({"nan"}), ColumnType::kText);
  EXPECT_EQ(inferred({"0", "0.5", "-0.5"}), ColumnType::kReal);
}

TEST(TypeCandidates, MergeDependsOnNeitherOrderNorCuts) {
  const std::vector<std::string> pool{"1", "2.5", "true", "2026-11-24", "2026-11-24T03:26", "007", "x", ""};
  CounterRandom random(3);
  for (int trial = 0; trial < 500; ++trial) {
    std::vector<std::string> values(random.below(4));
    for (std::string& value : values) value = pool[random.below(pool.size())];
    std::vector<TypeCandidates> parts(3);
    for (const std::string& value : values) parts[random.below(3)].observe(value);
    TypeCandidates merged = parts[2];
    merged.merge(parts[0]);
    merged.merge(TypeCandidates::from(parts[1].bits(), parts[1].seen()));
    ASSERT_EQ(merged.result(), inferred(values));
    ASSERT_EQ(merged.seen(), !values.empty());
  }
}

// What is inferred must be readable: every value parses as the column's type.
TEST(TypeCandidates, EveryValueParsesAsTheInferredType) {
  CounterRandom random(4);
  const std::string alphabet = "0123456789-+.:eT ZtrufalsN";
  for (int trial = 0; trial < 20'000; ++trial) {
    std::string value(1 + random.below(5), ' ');
    for (char& c : value) c = alphabet[random.below(alphabet.size())];
    Column column(inferred({value}));
    EXPECT_TRUE(column.type == ColumnType::kText || parse_append(value, column)) << value;
  }
}

}  // namespace
}  // namespace millrace
