#include <set>

#include "expression/support.hpp"

namespace millrace {
namespace {

using testing::evaluated;
using testing::first_indices;
using testing::make_test_table;

Table texts() {
  return make_test_table({{{"t", ColumnType::kText}, {"Ab", "b", "", "AB", "größe", "Ab"}},
                          {{"u", ColumnType::kText}, {"b", "b", "b", "", "ß", "A"}},
                          {{"plan.type x`y", ColumnType::kText}, {"1", "2", "3", "4", "5", "6"}}});
}

TEST(Texts, Comparisons) {
  const Table table = texts();
  EXPECT_EQ(evaluated("t == 'Ab'", table), "true false ? false false true");
  EXPECT_EQ(evaluated("'Ab' != t", table), "false true ? true true false");
  EXPECT_EQ(evaluated("t < 'b'", table), "true false ? true false true");
  EXPECT_EQ(evaluated("'b' > t", table), evaluated("t < 'b'", table));
  EXPECT_EQ(evaluated("'b' <= t", table), evaluated("t >= 'b'", table));
  EXPECT_EQ(evaluated("t == u", table), "false true ? ? false false");
  EXPECT_EQ(evaluated("t in ('Ab', \"größe\", 'none')", table), "true false ? false true true");
  EXPECT_EQ(evaluated("t not in ('Ab')", table), "false true ? true true false");
  EXPECT_EQ(evaluated("'a' == 'a'"), "true");
}

TEST(Texts, QuotesAndBackticks) {
  const Table table = texts();
  EXPECT_EQ(evaluated("'it''s'"), "it's");
  EXPECT_EQ(evaluated("\"say \"\"hi\"\"\""), "say \"hi\"");
  EXPECT_EQ(evaluated("'\\n'"), "\\n");  // a backslash is a backslash
  EXPECT_EQ(evaluated("`plan.type x``y` == '3'", table), "false false true false false false");
  EXPECT_EQ(evaluated("length('')"), "0");
}

TEST(Texts, Functions) {
  const Table table = texts();
  EXPECT_EQ(evaluated("lower(t)", table), "ab b ? ab größe ab");
  EXPECT_EQ(evaluated("upper(t)", table), "AB B ? AB GRößE AB");
  EXPECT_EQ(evaluated("length(t)", table), "2 1 ? 2 5 2");
  EXPECT_EQ(evaluated("contains(t, 'b')", table), "true true ? false false true");
  EXPECT_EQ(evaluated("contains(t, u)", table), "true true ? ? true true");
  EXPECT_EQ(evaluated("contains('Ab', u)", table), "true true true ? false true");
  EXPECT_EQ(evaluated("starts_with(t, 'A')", table), "true false ? true false true");
  EXPECT_EQ(evaluated("ends_with(t, '')", table), "true true ? true true true");
  EXPECT_EQ(evaluated("ends_with(t, 'längerer Text')", table), "false false ? false false false");
}

TEST(Texts, ADictionaryHoldsEachTextOnce) {
  const Table table = texts();
  const Column lower = Expression::compile({"lower(t)", {}}, table.schema).evaluate(table, first_indices(6));
  const std::set<std::string_view> once(lower.dictionary.begin(), lower.dictionary.end());
  EXPECT_EQ(once.size(), lower.dictionary.size());
}

// Stages select rows and keep dictionaries, so that few rows may come with many texts.
TEST(Texts, FewRowsOfALargeDictionaryGiveTheSame) {
  const Table table = texts();
  const Table part = select_rows(table, {0, 0, 0, 0, 1, 0});
  EXPECT_EQ(evaluated("upper(t)", part), "GRößE");
  EXPECT_EQ(evaluated("t == 'größe'", part), "true");
  EXPECT_EQ(evaluated("t > u", part), "false");
  EXPECT_EQ(evaluated("t in ('b')", part), "false");
}

// Splits depend on these values: they must never change.
TEST(Texts, HashesAreStable) {
  EXPECT_EQ(expression_hash("customer-1"), 4284807105518349478);
  EXPECT_EQ(expression_hash(""), 1622210670741801569);
  EXPECT_EQ(expression_hash(std::int64_t{42}), expression_hash("42"));
  const auto hash = [](const char* text) { return evaluated(std::string("hash(") + text + ")"); };
  EXPECT_EQ(hash("42"), std::to_string(expression_hash("42")));
  EXPECT_EQ(hash("42.0"), hash("42"));
  EXPECT_EQ(hash("-0.0"), hash("0"));
  EXPECT_EQ(hash("0.5"), hash("'0.5'"));
  EXPECT_EQ(hash("true"), hash("'true'"));
  EXPECT_EQ(hash("date('2026-03-01')"), hash("'2026-03-01'"));
}

TEST(Texts, HashesAreSpreadEvenly) {
  std::vector<int> counts(10);
  for (std::int64_t i = 0; i < 10000; ++i) {
    const std::int64_t hash = expression_hash(i);
    ASSERT_GE(hash, 0);
    ++counts[static_cast<std::size_t>(hash % 10)];
  }
  for (const int count : counts) EXPECT_NEAR(count, 1000, 150);  // five standard deviations
}

}  // namespace
}  // namespace millrace
