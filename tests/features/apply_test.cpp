#include <bit>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "features/mixed_table.hpp"

namespace millrace {
namespace {

using namespace testing;

Table one_row(const Table& table, std::size_t row) {
  std::vector<std::uint8_t> keep(table.rows(), 0);
  keep[row] = 1;
  return select_rows(table, keep);
}

// As a request would bring it: a dictionary of its own.
Table as_request(const Table& table) {
  Table result = table;
  for (Column& column : result.columns) {
    if (column.type != ColumnType::kText) continue;
    Column fresh(ColumnType::kText);
    TextAppender appender(fresh);
    for (std::size_t row = 0; row < column.size(); ++row) {
      column.is_valid(row) ? appender.append(column.text(row)) : fresh.append_missing();
    }
    column = fresh;
  }
  return result;
}

void append_bits(const FeatureRows& rows, std::vector<std::uint32_t>& numeric,
                 std::vector<std::int32_t>& categorical) {
  for (const float value : rows.numeric) numeric.push_back(std::bit_cast<std::uint32_t>(value));
  categorical.insert(categorical.end(), rows.categorical.begin(), rows.categorical.end());
}

class RowCounts : public ::testing::TestWithParam<std::size_t> {};

TEST_P(RowCounts, OneRowAtATimeGivesTheBitsOfTheWholeTable) {
  const FeaturePlan plan = fit(mixed_config(), mixed_table(2000), "target");
  const Table table = mixed_table(GetParam(), 77);
  const FeatureRows whole = applied(plan, table);
  std::vector<std::uint32_t> numeric, numeric_by_row;
  std::vector<std::int32_t> categorical, categorical_by_row;
  append_bits(whole, numeric, categorical);
  for (std::size_t row = 0; row < table.rows(); ++row) {
    append_bits(applied(plan, as_request(one_row(table, row))), numeric_by_row, categorical_by_row);
  }
  EXPECT_EQ(whole.rows, table.rows());
  EXPECT_EQ(numeric, numeric_by_row);
  EXPECT_EQ(categorical, categorical_by_row);
}
INSTANTIATE_TEST_SUITE_P(Apply, RowCounts, ::testing::Values(0, 1, 255, 256, 257, 600));

TEST(Apply, FillsEveryInputAndKeepsIdsWithinTheirCardinality) {
  const FeaturePlan plan = fit(mixed_config(), mixed_table(2000), "target");
  const Table table = mixed_table(500, 5);
  FeatureRows rows;
  rows.numeric.assign(3, std::nanf(""));  // a buffer of an earlier, smaller table
  rows.categorical.assign(100000, -9);    // and of a larger one
  plan.apply(table, rows);
  ASSERT_EQ(rows.numeric.size(), 500 * plan.n_numeric());
  ASSERT_EQ(rows.categorical.size(), 500 * plan.embeddings().size());
  for (const float value : rows.numeric) ASSERT_TRUE(std::isfinite(value));
  for (std::size_t i = 0; i < rows.categorical.size(); ++i) {
    ASSERT_GE(rows.categorical[i], 0);
    ASSERT_LT(static_cast<std::uint32_t>(rows.categorical[i]),
              plan.embeddings()[i % rows.n_categorical].first);
  }
}

TEST(Apply, TakesColumnsByNameWhateverTheirOrderAndIgnoresOthers) {
  const FeaturePlan plan = fit(mixed_config(), mixed_table(300), "target");
  const Table table = mixed_table(50, 3);
  Table turned;
  std::vector<Field> fields{{"extra", ColumnType::kReal}};
  turned.columns.push_back(make_column(ColumnType::kReal, std::vector<std::string>(50, "1")));
  for (std::size_t i = table.columns.size(); i-- > 0;) {
    fields.push_back(table.schema[i]);
    turned.columns.push_back(table.columns[i]);
  }
  turned.schema = Schema(fields);
  EXPECT_EQ(applied(plan, table).numeric, applied(plan, turned).numeric);
  EXPECT_EQ(applied(plan, table).categorical, applied(plan, turned).categorical);
}

TEST(Apply, NamesAMissingColumnAndOneOfAnotherType) {
  FeaturePlan plan;
  plan.steps.push_back({"tenure", ColumnType::kInteger, NumericTransform{}});
  const Table renamed = make_table_of({{"tenur", ColumnType::kInteger, {"1"}}});
  EXPECT_EQ(error_of([&] { applied(plan, renamed); }),
            "2: the model needs the column 'tenure' (integer), which the data lacks (did you mean 'tenur'?)");
  const Table retyped = make_table_of({{"tenure", ColumnType::kText, {"1"}}});
  EXPECT_EQ(error_of([&] { applied(plan, retyped); }),
            "3: the column 'tenure' is text here, but the model was trained with integer");
}

TEST(Apply, HoldsExtremeValuesWithinTheFiniteFloats) {
  FeaturePlan plan;
  plan.steps.push_back({"x", ColumnType::kReal, NumericTransform{}});
  const FeatureRows rows = applied(plan, make_table_of({{"x", ColumnType::kReal, {"1e300", "-1e300"}}}));
  EXPECT_EQ(rows.numeric[0], std::numeric_limits<float>::max());
  EXPECT_EQ(rows.numeric[1], std::numeric_limits<float>::lowest());
}

TEST(Apply, GivesZerosForWhatOneHotTrainingNeverSaw) {
  FeaturePlan plan;
  plan.steps.push_back({"c", ColumnType::kText, OneHot{Vocabulary({"b", "a"}), false, false}});
  plan.steps.push_back({"c", ColumnType::kText, OneHot{Vocabulary({"b", "a"}), true, true}});
  const FeatureRows rows = applied(plan, make_table_of({{"c", ColumnType::kText, {"a", "b", "", "new"}}}));
  EXPECT_EQ(rows.numeric, (std::vector<float>{0, 1, 0, 0, 0, 1,  //
                                              1, 0, 0, 0, 1, 0,  //
                                              0, 0, 1, 0, 0, 0,  //
                                              0, 0, 0, 1, 0, 0}));
  EXPECT_EQ(plan.numeric_names(),
            (std::vector<std::string>{"c=b", "c=a", "c is missing", "c is rare or unknown", "c=b", "c=a"}));
}

TEST(Apply, FindsIntegersDatesAndRealsAsCategoriesByTheirCanonicalText) {
  FeaturePlan plan;
  plan.steps.push_back({"i", ColumnType::kInteger, Embedding{Vocabulary({"10", "9"}), 2}});
  plan.steps.push_back({"d", ColumnType::kDate, Embedding{Vocabulary({"2024-02-29"}), 2}});
  plan.steps.push_back({"r", ColumnType::kReal, Embedding{Vocabulary({"0.5", "0"}), 2}});
  const FeatureRows rows =
      applied(plan, make_table_of({{"i", ColumnType::kInteger, {"9", "+10", "", "11"}},
                                   {"d", ColumnType::kDate, {"2024-02-29", "2024-02-28", "", ""}},
                                   {"r", ColumnType::kReal, {"5e-1", "-0", "", "0.7"}}}));
  EXPECT_EQ(rows.categorical, (std::vector<std::int32_t>{3, 2, 2, 2, 1, 3, 0, 0, 0, 1, 0, 1}));
}

TEST(Apply, PutsAnEdgeIntoTheBinAboveIt) {
  FeaturePlan plan;
  plan.steps.push_back({"x", ColumnType::kReal, Bins{{0, 10}, 3}});
  const FeatureRows rows =
      applied(plan, make_table_of({{"x", ColumnType::kReal, {"-1", "0", "9.99", "10", "1e9", ""}}}));
  EXPECT_EQ(rows.categorical, (std::vector<std::int32_t>{1, 2, 2, 3, 3, 0}));
  EXPECT_EQ(plan.embeddings(), (std::vector<std::pair<std::uint32_t, std::uint32_t>>{{4, 3}}));
}

TEST(ApplyTarget, KeepsKnownClassesAndDropsMissingAndUnknownOnes) {
  FeaturePlan plan;
  plan.target = {"y", ColumnType::kText, "binary", {"no", "yes"}};
  const Table table = make_table_of({{"y", ColumnType::kText, {"yes", "", "no", "maybe"}}});
  FeatureRows rows;
  std::vector<std::uint8_t> keep;
  plan.apply_target(table, rows, keep);
  EXPECT_EQ(rows.target, (std::vector<float>{1, 0, 0, 0}));
  EXPECT_EQ(keep, (std::vector<std::uint8_t>{1, 0, 1, 0}));
  plan.target.positive = {"yes", "maybe"};
  keep.clear();
  plan.apply_target(table, rows, keep);
  EXPECT_EQ(rows.target, (std::vector<float>{1, 0, 0, 1}));
  EXPECT_EQ(keep, (std::vector<std::uint8_t>{1, 0, 1, 1}));
}

TEST(ApplyTarget, OnlyEverTakesRowsAway) {
  FeaturePlan plan;
  plan.target = {"y", ColumnType::kText, "binary", {"no", "yes"}};
  FeatureRows rows;
  std::vector<std::uint8_t> keep{0, 1, 1};
  plan.apply_target(make_table_of({{"y", ColumnType::kText, {"yes", "no", ""}}}), rows, keep);
  EXPECT_EQ(keep, (std::vector<std::uint8_t>{0, 1, 0}));
}

TEST(ApplyTarget, NumbersClassesInOrderAndScalesRegression) {
  FeaturePlan plan;
  FeatureRows rows;
  std::vector<std::uint8_t> keep;
  plan.target = {"y", ColumnType::kInteger, "multiclass", {"2", "10", "33"}};
  plan.apply_target(make_table_of({{"y", ColumnType::kInteger, {"33", "2", "", "10"}}}), rows, keep);
  EXPECT_EQ(rows.target, (std::vector<float>{2, 0, 0, 1}));
  EXPECT_EQ(keep, (std::vector<std::uint8_t>{1, 1, 0, 1}));
  plan.target = {"y", ColumnType::kReal, "regression", {}, {}, 10, 4};
  keep.clear();
  plan.apply_target(make_table_of({{"y", ColumnType::kReal, {"12", "", "-2"}}}), rows, keep);
  EXPECT_EQ(rows.target, (std::vector<float>{0.5F, 0, -3}));
  EXPECT_EQ(keep, (std::vector<std::uint8_t>{1, 0, 1}));
}

}  // namespace
}  // namespace millrace
