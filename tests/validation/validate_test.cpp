#include <map>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "table/format.hpp"
#include "validation/fixture.hpp"

namespace millrace {
namespace {

using namespace testing;

std::vector<std::string> drawn(std::size_t rows, std::uint64_t key,
                               const std::function<std::string(CounterRandom&)>& draw) {
  CounterRandom random(key);
  std::vector<std::string> values;
  for (std::size_t row = 0; row < rows; ++row) {
    const bool missing = random.below(5) == 0;
    std::string value = draw(random);
    values.push_back(missing ? "" : value);
  }
  return values;
}

std::string cubed(CounterRandom& random) {
  const double x = random.normal();
  return fmt::format("{}", x * x * x);
}

Table mixed_table(std::size_t rows) {
  return make_table_of(
      {{"real", ColumnType::kReal, drawn(rows, 1, cubed)},
       {"integer", ColumnType::kInteger,
        drawn(rows, 2, [](CounterRandom& random) { return std::to_string(random.below(300)); })},
       {"text", ColumnType::kText,
        drawn(rows, 3, [](CounterRandom& random) { return fmt::format("{:b}", random.below(32)); })},
       {"flag", ColumnType::kBoolean,
        drawn(rows, 4, [](CounterRandom& random) { return random.below(9) == 0 ? "true" : "false"; })},
       {"bit", ColumnType::kInteger,
        drawn(rows, 5, [](CounterRandom& random) { return random.below(9) == 0 ? "1" : "0"; })},
       {"date", ColumnType::kDate, drawn(rows, 6, [](CounterRandom& random) {
          return fmt::format("2024-02-{:02}", 1 + random.below(29));
        })}});
}

// Compares a failed check with what a look at every row gives.
void expect_rows(const ShardedTable& data, const CheckResult& check, bool of_missing_rows,
                 const std::function<bool(const Column&, std::size_t)>& is_unexpected) {
  const Column& column = data.table[check.column];
  std::uint64_t rows = 0;
  std::uint64_t unexpected = 0;
  Json samples = Json::array();
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!of_missing_rows && !column.is_valid(row)) continue;
    ++rows;
    if (!is_unexpected(column, row)) continue;
    ++unexpected;
    const Json value = column.is_valid(row) ? Json(format_value(column, row)) : Json();
    if (samples.size() < 20) samples.push_back(data.sample(row, value));
  }
  EXPECT_GT(unexpected, 0) << "the example tests nothing";
  EXPECT_FALSE(check.passed);
  EXPECT_EQ(check.rows, rows) << check.check;
  EXPECT_EQ(check.unexpected, unexpected) << check.check;
  EXPECT_EQ(check.samples, samples) << check.check;
}

TEST(Validate, CountsValuesOutsideARange) {
  const ShardedTable data(mixed_table(301));
  for (const char* name : {"real", "integer"}) {
    Expectation range = expect(name);
    range.between = {0.0, 4.0};
    const Verdict verdict = data.verdict(only(range));
    ASSERT_EQ(verdict.checks.size(), 1);
    EXPECT_EQ(verdict.checks[0].check, "between");
    EXPECT_EQ(verdict.checks[0].expected, "in [0, 4]");
    expect_rows(data, verdict.checks[0], false, [](const Column& column, std::size_t row) {
      return column.number(row) < 0 || column.number(row) > 4;
    });
  }
  Expectation half_open = expect("integer");
  half_open.between = {10.0, std::nullopt};
  expect_rows(data, data.verdict(only(half_open)).checks[0], false,
              [](const Column& column, std::size_t row) { return column.number(row) < 10; });
}

TEST(Validate, CountsValuesOutsideASetByValueNotByWord) {
  const ShardedTable data(mixed_table(301));
  Expectation numbers = expect("integer");
  numbers.in_set = {"7", "+8", "9.0", "1e1"};
  expect_rows(data, data.verdict(only(numbers)).checks[0], false, [](const Column& column, std::size_t row) {
    return column.integers[row] < 7 || column.integers[row] > 10;
  });
  Expectation words = expect("text");
  words.in_set = {"0", "1", "10"};
  expect_rows(data, data.verdict(only(words)).checks[0], false, [](const Column& column, std::size_t row) {
    return column.text(row) != "0" && column.text(row) != "1" && column.text(row) != "10";
  });
  Expectation flags = expect("flag");
  flags.in_set = {"FALSE"};
  expect_rows(data, data.verdict(only(flags)).checks[0], false,
              [](const Column& column, std::size_t row) { return column.integers[row] != 0; });
  Expectation dates = expect("date");
  dates.in_set = {"2024-02-01"};
  expect_rows(data, data.verdict(only(dates)).checks[0], false, [](const Column& column, std::size_t row) {
    return format_value(column, row) != "2024-02-01";
  });
}

TEST(Validate, FindsARegularExpressionAnywhereUnlessAnchored) {
  const ShardedTable data(mixed_table(301));
  Expectation anywhere = expect("text");
  anywhere.regex = SourceText{"00", {}};
  expect_rows(data, data.verdict(only(anywhere)).checks[0], false, [](const Column& column, std::size_t row) {
    return !contains(std::string(column.text(row)), "00");
  });
  Expectation anchored = expect("integer");
  anchored.regex = SourceText{"^1.$", {}};
  expect_rows(data, data.verdict(only(anchored)).checks[0], false, [](const Column& column, std::size_t row) {
    return column.integers[row] < 10 || column.integers[row] > 19;
  });
}

TEST(Validate, CountsRowsThatRepeatAnEarlierValue) {
  const ShardedTable data(mixed_table(301));
  for (const char* name : {"text", "integer", "date"}) {
    Expectation unique = expect(name);
    unique.unique = true;
    std::map<std::string, int> seen;
    expect_rows(data, data.verdict(only(unique)).checks[0], false,
                [&](const Column& column, std::size_t row) { return seen[format_value(column, row)]++ > 0; });
  }
  Expectation unique = expect("real");
  unique.unique = true;
  EXPECT_TRUE(data.verdict(only(unique)).checks[0].passed);
}

TEST(Validate, FindsRepeatsAmongMoreValuesThanAreCountedExactly) {
  const std::size_t rows = DistinctCounter::kExactLimit + 5000;
  for (const ColumnType type : {ColumnType::kText, ColumnType::kReal}) {
    std::vector<std::string> ids;
    for (std::size_t row = 0; row < rows; ++row) ids.push_back(std::to_string(row % (rows - 25)));
    ids[0] = type == ColumnType::kReal ? "-0" : ids[0];
    const ShardedTable data(make_table_of({{"id", type, ids}}), 20000);
    Expectation unique = expect("id");
    unique.unique = true;
    const CheckResult check = data.verdict(only(unique)).checks[0];
    EXPECT_EQ(check.unexpected, 25);
    EXPECT_EQ(check.rows, rows);
    ASSERT_EQ(check.samples.size(), 20);
    EXPECT_EQ(check.samples[0], data.sample(rows - 25, "0"));
    unique.mostly = 0.999;
    EXPECT_TRUE(data.verdict(only(unique)).checks[0].passed);
  }
}

TEST(Validate, CountsOutliersBeyondTheQuartilesOfNumbersThatAreNoFlags) {
  const ShardedTable data(mixed_table(301));
  ValidationConfig config = no_rules();
  config.outliers.action = Action::kWarn;
  config.outliers.max_share = 0;
  const Verdict verdict = data.verdict(config);
  ASSERT_EQ(verdict.checks.size(), 2);
  EXPECT_EQ(verdict.checks[1].column, "integer");
  EXPECT_TRUE(verdict.checks[1].passed);
  EXPECT_EQ(verdict.checks[0].check, "outliers");
  const std::vector<double> quantiles = profile_of(data.table["real"]).quantiles;
  const double reach = 1.5 * (quantiles[5] - quantiles[3]);
  expect_rows(data, verdict.checks[0], false, [&](const Column& column, std::size_t row) {
    return column.reals[row] < quantiles[3] - reach || column.reals[row] > quantiles[5] + reach;
  });
  EXPECT_TRUE(verdict.accepted());
  config.outliers.max_share = 0.5;
  EXPECT_TRUE(data.verdict(config).checks[0].passed);
  config.outliers.method = "none";
  EXPECT_TRUE(data.verdict(config).checks.empty());
}

TEST(Validate, LimitsMissingValuesUnlessAnExpectationOfTheColumnDoes) {
  const ShardedTable data(mixed_table(301));
  ValidationConfig config = no_rules();
  config.missing.action = Action::kReject;
  Verdict verdict = data.verdict(config);
  ASSERT_EQ(verdict.checks.size(), 6);
  for (const CheckResult& check : verdict.checks) {
    expect_rows(data, check, true,
                [](const Column& column, std::size_t row) { return !column.is_valid(row); });
  }
  Expectation own = expect("integer");
  own.max_missing = 0.9;
  own.action = Action::kWarn;
  config.expect.push_back(own);
  verdict = data.verdict(config);
  ASSERT_EQ(verdict.checks.size(), 6);
  EXPECT_EQ(verdict.checks[5].column, "integer");
  EXPECT_TRUE(verdict.checks[5].passed);
  EXPECT_EQ(verdict.count(false, Action::kReject), 5);
  config.missing.max_share = 0.5;
  EXPECT_TRUE(data.verdict(config).accepted());
}

TEST(Validate, TakesAShareEqualToItsLimit) {
  std::vector<std::string> values(10, "1");
  values[3] = "";
  values[7] = "2";
  const ShardedTable data(make_table_of({{"x", ColumnType::kReal, values}}), 3);
  ValidationConfig config = no_rules();
  config.missing = {0.1, Action::kReject};
  Expectation range = expect("x");
  range.between = {1.0, 1.0};
  range.mostly = 8.0 / 9;
  config.expect = {range};
  EXPECT_TRUE(data.verdict(config).accepted());
  config.missing.max_share = 0.0999;
  config.expect[0].mostly = 0.89;
  EXPECT_EQ(data.verdict(config).count(false, Action::kReject), 2);
}

TEST(Validate, PassesWhereThereAreNoValues) {
  const ShardedTable data(make_table_of({{"x", ColumnType::kReal, std::vector<std::string>(5)}}), 2);
  Expectation all = expect("x");
  all.between = {0.0, 1.0};
  all.in_set = {"1"};
  all.regex = SourceText{"1", {}};
  all.unique = true;
  ValidationConfig config = only(all);
  config.outliers.action = Action::kWarn;
  const Verdict verdict = data.verdict(config);
  EXPECT_EQ(verdict.checks.size(), 4);
  for (const CheckResult& check : verdict.checks) {
    EXPECT_TRUE(check.passed);
    EXPECT_EQ(check.observed, "no values");
  }
}

TEST(Validate, AnswersForADatasetWithoutRows) {
  const ShardedTable data(make_table_of({{"x", ColumnType::kReal, {}}, {"y", ColumnType::kText, {}}}));
  Expectation unique = expect("y");
  unique.unique = true;
  ValidationConfig config;
  config.expect = {unique};
  const Verdict verdict = data.verdict(config);
  EXPECT_EQ(verdict.count(false, Action::kReject), 1);
  EXPECT_EQ(verdict.checks[0].check, "row_count");
  EXPECT_EQ(verdict.checks[0].observed, "0");
}

TEST(Validate, CountsRowsAndLooksForRequiredColumnsFirst) {
  const ShardedTable data(mixed_table(100));
  ValidationConfig config = no_rules();
  config.rows = {1, 99, Action::kWarn};
  config.required = {"text", "flagg"};
  Expectation type = expect("integer");
  type.type = SourceText{"real", {}};
  config.expect.push_back(type);
  type.type->text = "date";
  config.expect.push_back(type);
  const Verdict verdict = data.verdict(config);
  ASSERT_EQ(verdict.checks.size(), 5);
  EXPECT_EQ(verdict.checks[0].observed, "100");
  EXPECT_EQ(verdict.checks[0].expected, "1 to 99 rows");
  EXPECT_FALSE(verdict.checks[0].passed);
  EXPECT_TRUE(verdict.checks[1].passed);
  EXPECT_EQ(verdict.checks[2].observed, "it does not (did you mean 'flag'?)");
  EXPECT_TRUE(verdict.checks[3].passed) << "every integer is a real number";
  EXPECT_FALSE(verdict.checks[4].passed);
  EXPECT_EQ(verdict.checks[4].observed, "integer");
}

TEST(Validate, SkipsWhatIsIgnored) {
  const ShardedTable data(mixed_table(50));
  Expectation ignored = expect("integer");
  ignored.between = {0.0, 0.0};
  ignored.action = Action::kIgnore;
  EXPECT_TRUE(data.verdict(only(ignored)).checks.empty());
}

TEST(Validate, EveryRankThrowsWhereAShardIsGone) {
  ShardedTable data(mixed_table(100));
  data.dataset.shards[1].object = digest_of("lost");
  Expectation range = expect("integer");
  range.between = {0.0, 1.0};
  EXPECT_TRUE(contains(
      error_of([&] { validate(Communicator::world(), only(range), {}, data.dataset, *data.workspace); }),
      "6: "));
}

}  // namespace
}  // namespace millrace
