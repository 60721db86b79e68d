#include "expression/support.hpp"

namespace millrace {
namespace {

using testing::evaluated;
using testing::first_indices;
using testing::make_test_table;

// All pairs of true, false and missing.
Table truths() {
  return make_test_table(
      {{{"a", ColumnType::kBoolean}, {"true", "true", "true", "false", "false", "false", "", "", ""}},
       {{"b", ColumnType::kBoolean}, {"true", "false", "", "true", "false", "", "true", "false", ""}}});
}

TEST(Missing, LogicIsThreeValued) {
  const Table table = truths();
  EXPECT_EQ(evaluated("a and b", table), "true false ? false false false ? false ?");
  EXPECT_EQ(evaluated("a or b", table), "true true true true false ? true ? ?");
  EXPECT_EQ(evaluated("not a", table), "false false false true true true ? ? ?");
  EXPECT_EQ(evaluated("a and false", table), "false false false false false false false false false");
  EXPECT_EQ(evaluated("a == b", table), "true false ? false true ? ? ? ?");
}

TEST(Missing, DeMorgan) {
  const Table table = truths();
  EXPECT_EQ(evaluated("not (a and b)", table), evaluated("not a or not b", table));
  EXPECT_EQ(evaluated("not (a or b)", table), evaluated("not a and not b", table));
}

TEST(Missing, CanBeAskedFor) {
  const Table table = truths();
  EXPECT_EQ(evaluated("a is missing", table), "false false false false false false true true true");
  EXPECT_EQ(evaluated("b is not missing", table), "true true false true true false true true false");
  EXPECT_EQ(evaluated("not b is missing", table), evaluated("b is not missing", table));
  EXPECT_EQ(evaluated("1 / 0 is missing"), "true");
  EXPECT_EQ(evaluated("(a and b) is missing", table), "false false true false false false true false true");
}

TEST(Missing, IsNoMatch) {
  const Table table = truths();
  const auto expression = Expression::compile({"a and b", {}}, table.schema);
  EXPECT_EQ(expression.matches(table, first_indices(9)),
            (std::vector<std::uint8_t>{1, 0, 0, 0, 0, 0, 0, 0, 0}));
  EXPECT_EQ(expression.columns(), (std::vector<std::string>{"a", "b"}));
}

TEST(Missing, AllMissingAndNoRowsAtAll) {
  const Table gone = make_test_table({{{"t", ColumnType::kText}, {"", ""}},
                                      {{"n", ColumnType::kInteger}, {"", ""}}});  // an empty dictionary
  for (const char* text : {"lower(t)", "t == 'a'", "t in ('a')", "contains(t, 'a')", "length(t)", "hash(t)",
                           "hash(n)", "t < upper(t)", "n + 1", "n in (1)", "min(n, 1)"}) {
    EXPECT_EQ(evaluated(text, gone), "? ?") << text;
  }
  const Table none = make_test_table({{{"t", ColumnType::kText}, {}}, {{"n", ColumnType::kInteger}, {}}});
  for (const char* text : {"lower(t)", "t == 'a'", "n + 1", "true", "1.5", "'a'", "n is missing"}) {
    EXPECT_EQ(evaluated(text, none), "") << text;
  }
}

}  // namespace
}  // namespace millrace
