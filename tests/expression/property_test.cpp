// Random expressions: a row's value does not depend on the rows around it, and no text makes the compiler
// fall.
#include "base/random.hpp"
#include "expression/support.hpp"

namespace millrace {
namespace {

using testing::first_indices;
using testing::make_test_table;

Table mixed() {
  return make_test_table(
      {{{"n", ColumnType::kInteger}, {"3", "", "-5", "0", "12"}},
       {{"x", ColumnType::kReal}, {"0.5", "-1.25", "", "0", "3"}},
       {{"t", ColumnType::kText}, {"a", "B", "a", "", "ab"}},
       {{"b", ColumnType::kBoolean}, {"true", "", "false", "true", "false"}},
       {{"d", ColumnType::kDate}, {"2026-03-01", "2026-03-02", "", "1999-12-31", "2026-03-01"}}});
}

// Well-typed expressions.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string truth(int depth) {
    if (depth == 0) return pick({"b", "true", "t == 'a'", "n in (3, 0)", "x is missing", "d < '2026-03-02'"});
    switch (random_.below(6)) {
      case 0:
        return "(" + truth(depth - 1) + pick({" and ", " or "}) + truth(depth - 1) + ")";
      case 1:
        return "not (" + truth(depth - 1) + ")";
      case 2:
        return number(depth - 1) + pick({" == ", " != ", " < ", " <= ", " > ", " >= "}) + number(depth - 1);
      case 3:
        return text(depth - 1) + pick({" == ", " < ", " >= "}) + text(depth - 1);
      case 4:
        return pick({"contains(", "starts_with("}) + text(depth - 1) + ", " + text(depth - 1) + ")";
      default:
        return "(" + truth(depth - 1) + ") is not missing";
    }
  }

 private:
  std::string pick(const std::vector<std::string>& choices) { return choices[random_.below(choices.size())]; }

  std::string number(int depth) {
    if (depth <= 0) return pick({"n", "x", "2", "-1.5", "row_index", "length(t)", "year(d)"});
    switch (random_.below(3)) {
      case 0:
        return "(" + number(depth - 1) + pick({" + ", " - ", " * ", " / "}) + number(depth - 1) + ")";
      case 1:
        return pick({"abs(", "sqrt(", "hash(", "-("}) + number(depth - 1) + ")";
      default:
        return pick({"min(", "max("}) + number(depth - 1) + ", " + number(depth - 1) + ")";
    }
  }

  std::string text(int depth) {
    if (depth <= 0) return pick({"t", "'a'", "''", "'AB'"});
    return pick({"lower(", "upper("}) + text(depth - 1) + ")";
  }

  CounterRandom random_;
};

TEST(Properties, ARowsValueDoesNotDependOnOtherRows) {
  const Table table = mixed();
  const auto indices = first_indices(table.rows());
  for (std::uint64_t seed = 0; seed < 500; ++seed) {
    const std::string text = Generator(seed).truth(4);
    const auto expression = Expression::compile({text, {}}, table.schema);
    const Column all = expression.evaluate(table, indices);
    ASSERT_EQ(all.size(), table.rows());
    for (std::size_t row = 0; row < table.rows(); ++row) {
      std::vector<std::uint8_t> keep(table.rows(), 0);
      keep[row] = 1;
      const Column one = expression.evaluate(select_rows(table, keep), std::span(indices).subspan(row, 1));
      ASSERT_EQ(testing::values_of(one), testing::values_of(select_rows(all, keep)))
          << text << " row " << row;
    }
  }
}

TEST(Properties, RandomTokensAreAcceptedOrRefusedWithAUsageError) {
  const std::vector<std::string> tokens{"n",   "x",   "t",    "b",       "d",    "(",   ")",    ",",
                                        "and", "or",  "not",  "in",      "is",   "==",  "<",    "-",
                                        "+",   "%",   "/",    "missing", "1",    "2.5", "'a'",  "\"",
                                        "`",   "min", "hash", "date",    "\x80", "\n",  "true", "0"};
  const Table table = mixed();
  CounterRandom random(7);
  int accepted = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string text;
    for (auto n = random.below(12); n > 0; --n) text += tokens[random.below(tokens.size())] + " ";
    try {
      const auto expression = Expression::compile({text, {"c", 1, 1}, true}, table.schema);
      EXPECT_EQ(expression.evaluate(table, first_indices(5)).size(), 5U);
      ++accepted;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << text << ": " << error.message();
    }
  }
  EXPECT_GT(accepted, 50);
}

}  // namespace
}  // namespace millrace
