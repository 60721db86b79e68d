#include "expression/support.hpp"

namespace millrace {
namespace {

using testing::evaluated;
using testing::make_test_table;

Table numbers() {
  return make_test_table({{{"n", ColumnType::kInteger}, {"-7", "0", "7", ""}},
                          {{"x", ColumnType::kReal}, {"0.5", "-0", "", "1e300"}},
                          {{"b", ColumnType::kBoolean}, {"true", "false", "", "true"}}});
}

TEST(Numbers, OperatorsAndTheirPrecedence) {
  EXPECT_EQ(evaluated("1 + 2 * 3 - 4 / 2"), "5");
  EXPECT_EQ(evaluated("(1 + 2) * 3"), "9");
  EXPECT_EQ(evaluated("10 - 4 - 3"), "3");
  EXPECT_EQ(evaluated("--2 * -3"), "-6");
  EXPECT_EQ(evaluated("2 - -3"), "5");
  EXPECT_EQ(evaluated("1 + 1 == 2 and not 1 > 2 or false"), "true");
  EXPECT_EQ(evaluated("not true or true"), "true");
  EXPECT_EQ(evaluated("not (true or true)"), "false");
  EXPECT_EQ(evaluated("true or true and false"), "true");
  EXPECT_EQ(evaluated(".5 + 1.e1 + 2E-1"), "10.7");
}

TEST(Numbers, IntegersStayIntegersButForDivision) {
  const Table table = numbers();
  EXPECT_EQ(evaluated("n * 2 + 1", table), "-13 1 15 ?");
  EXPECT_EQ(evaluated("n / 2", table), "-3.5 0 3.5 ?");
  EXPECT_EQ(evaluated("-n", table), "7 0 -7 ?");
  EXPECT_EQ(evaluated("n + x", table), "-6.5 0 ? ?");
  EXPECT_EQ(Expression::compile({"n / 2", {}}, table.schema).type(), ColumnType::kReal);
  EXPECT_EQ(Expression::compile({"n % 2", {}}, table.schema).type(), ColumnType::kInteger);
}

TEST(Numbers, DecimalsAreReals) {
  const Table table = make_test_table({{{"price", ColumnType::decimal(6, 2)}, {"0.1", "12.50", "", "-3"}}});
  EXPECT_EQ(evaluated("price", table), "0.1 12.5 ? -3");
  EXPECT_EQ(evaluated("price * 2", table), "0.2 25 ? -6");
  EXPECT_EQ(evaluated("price == 12.5", table), "false true ? false");
  EXPECT_EQ(evaluated("price in (0.1, -3)", table), "true false ? true");
  EXPECT_EQ(evaluated("price is missing", table), "false false true false");
  EXPECT_EQ(Expression::compile({"price", {}}, table.schema).type(), ColumnType::kReal);
}

TEST(Numbers, ModuloIsNeverNegative) {
  for (std::int64_t a = -9; a <= 9; ++a) {
    for (std::int64_t b = -4; b <= 4; ++b) {
      const std::string text = evaluated(fmt::format("({}) % ({})", a, b));
      if (b == 0) {
        EXPECT_EQ(text, "?");
        continue;
      }
      const std::int64_t rest = std::stoll(text);
      EXPECT_TRUE(rest >= 0 && rest < std::abs(b) && (a - rest) % b == 0) << a << " % " << b << " = " << rest;
    }
  }
  EXPECT_EQ(evaluated("-9223372036854775808 % -1"), "0");
  EXPECT_EQ(evaluated("-1 % -9223372036854775808"), "9223372036854775807");
}

TEST(Numbers, WhatHasNoValueIsMissing) {
  EXPECT_EQ(evaluated("1 / 0"), "?");
  EXPECT_EQ(evaluated("1.0 / 0.0"), "?");
  EXPECT_EQ(evaluated("9223372036854775807 + 1"), "?");
  EXPECT_EQ(evaluated("-9223372036854775808 - 1"), "?");
  EXPECT_EQ(evaluated("-(-9223372036854775808)"), "?");
  EXPECT_EQ(evaluated("9223372036854775807 * 2"), "?");
  EXPECT_EQ(evaluated("1e308 * 10"), "?");
  EXPECT_EQ(evaluated("log(0)"), "?");
  EXPECT_EQ(evaluated("log(-1)"), "?");
  EXPECT_EQ(evaluated("sqrt(-1)"), "?");
  EXPECT_EQ(evaluated("exp(1000)"), "?");
  EXPECT_EQ(evaluated("abs(-9223372036854775808)"), "?");
}

TEST(Numbers, Functions) {
  const Table table = numbers();
  EXPECT_EQ(evaluated("abs(n)", table), "7 0 7 ?");
  EXPECT_EQ(evaluated("abs(x - 1)", table), "0.5 1 ? 1e+300");
  EXPECT_EQ(evaluated("min(n, 3)", table), "-7 0 3 ?");
  EXPECT_EQ(evaluated("max(n, 0.5)", table), "0.5 0.5 7 ?");
  EXPECT_EQ(evaluated("sqrt(exp(log(16)))"), evaluated("sqrt(exp(log(16.0)))"));
  EXPECT_EQ(evaluated("sqrt(16)"), "4");
}

TEST(Numbers, Comparisons) {
  const Table table = numbers();
  EXPECT_EQ(evaluated("n == 7", table), "false false true ?");
  EXPECT_EQ(evaluated("n != 7", table), "true true false ?");
  EXPECT_EQ(evaluated("n < 0.5", table), "true true false ?");
  EXPECT_EQ(evaluated("0 <= n", table), "false true true ?");
  EXPECT_EQ(evaluated("n > x", table), "false false ? ?");
  EXPECT_EQ(evaluated("x >= 0", table), "true true ? true");  // -0 is 0
  EXPECT_EQ(evaluated("b == true", table), "true false ? true");
  EXPECT_EQ(evaluated("b != (n > 0)", table), "true false ? ?");
  EXPECT_EQ(evaluated("9007199254740993 == 9007199254740992"), "false");  // integers are compared exactly
}

TEST(Numbers, Lists) {
  const Table table = numbers();
  EXPECT_EQ(evaluated("n in (7, -7, 1 + 2)", table), "true false true ?");
  EXPECT_EQ(evaluated("n not in (7)", table), "true true false ?");
  EXPECT_EQ(evaluated("n in (7.0, 0.5)", table), "false false true ?");
  EXPECT_EQ(evaluated("x in (0, 5)", table), "false true ? false");
  EXPECT_EQ(evaluated("x in (0.5)", table), "true false ? false");
  EXPECT_EQ(evaluated("b in (true)", table), "true false ? true");
  EXPECT_EQ(evaluated("9007199254740993 in (9007199254740992)"), "false");
}

TEST(Numbers, RowIndexIsAlwaysThere) {
  const auto expression = Expression::compile({"row_index % 5 == 4", {}}, Schema());
  expression.require_boolean();
  EXPECT_TRUE(expression.columns().empty());
  const std::vector<std::uint64_t> indices{4, 3, 1'000'000'004, 9};
  EXPECT_EQ(expression.matches(Table{}, indices), (std::vector<std::uint8_t>{1, 0, 1, 1}));
  EXPECT_TRUE(expression.matches(Table{}, {}).empty());
}

}  // namespace
}  // namespace millrace
