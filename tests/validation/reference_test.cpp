// Whole tables beside earlier ones, and columns that give the target away; each at all rank counts, alone and
// together.
#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "validation/fixture.hpp"

namespace millrace {
namespace {

using namespace testing;

std::vector<TextColumn> day(std::uint64_t seed, std::size_t rows = 400) {
  CounterRandom random(seed);
  std::vector<TextColumn> columns{{"amount", ColumnType::kReal, {}},
                                  {"plan", ColumnType::kText, {}},
                                  {"visits", ColumnType::kInteger, {}},
                                  {"left", ColumnType::kText, {}}};
  for (std::size_t row = 0; row < rows; ++row) {
    columns[0].values.push_back(fmt::format("{:.6f}", random.normal()));
    columns[1].values.push_back(fmt::format("plan {}", random.below(4)));
    columns[2].values.push_back(std::to_string(random.below(50)));
    columns[3].values.push_back(random.below(4) == 0 ? "yes" : "no");
  }
  return columns;
}

ValidationConfig comparison() {
  ValidationConfig config = no_rules();
  config.reference = {};
  return config;
}

TargetConfig target(const std::string& column = "left") {
  TargetConfig target;
  target.column.text = column;
  return target;
}

std::vector<std::string> failures(const Verdict& verdict) {
  std::vector<std::string> names;
  for (const CheckResult& check : verdict.checks) {
    if (!check.passed) names.push_back(check.check + " " + check.column);
  }
  return names;
}

// What fails on a day after day(1).
std::vector<std::string> compared(const std::vector<TextColumn>& columns) {
  const ShardedTable before(make_table_of(day(1)));
  const Reference reference{before.dataset, before.verdict(comparison())};
  const ShardedTable now(make_table_of(columns), 61);
  return failures(now.verdict(comparison(), {}, &reference));
}

TEST(Reference, AnotherDayOfTheSameKindPasses) {
  EXPECT_EQ(compared(day(2)), std::vector<std::string>());
}

TEST(Reference, WithoutOneTheCheckSaysSo) {
  const ShardedTable first(make_table_of(day(1)));
  const Verdict verdict = first.verdict(comparison());
  ASSERT_EQ(verdict.checks.size(), 2);
  EXPECT_EQ(verdict.checks[0].check, "reference");
  EXPECT_EQ(verdict.checks[0].observed, "there is none that was read in the same way");
  EXPECT_EQ(verdict.checks[1].check, "repeated_rows");
  EXPECT_TRUE(failures(verdict).empty());
}

TEST(Reference, RejectsAColumnThatIsGoneAndWarnsOfANewOne) {
  auto columns = day(2);
  columns[1].name = "plans";
  const ShardedTable before(make_table_of(day(1)));
  const Reference reference{before.dataset, before.verdict(comparison())};
  const ShardedTable now(make_table_of(columns));
  const Verdict verdict = now.verdict(comparison(), {}, &reference);
  EXPECT_EQ(failures(verdict), (std::vector<std::string>{"schema plan", "schema plans"}));
  EXPECT_EQ(verdict.count(false, Action::kReject), 1);
  EXPECT_EQ(verdict.checks[1].observed, "the column is gone (did you mean 'plans'?)");
}

TEST(Reference, RejectsAnotherTypeButNotARealNumberAmongIntegers) {
  auto columns = day(2);
  columns[2].values[7] = "7.5";
  columns[2].type = ColumnType::kReal;
  EXPECT_EQ(compared(columns), std::vector<std::string>());
  columns[2].values[7] = "seven";
  columns[2].type = ColumnType::kText;
  EXPECT_EQ(compared(columns), (std::vector<std::string>{"schema visits"}));
}

TEST(Reference, WarnsOfManyMoreOrFewerRowsThanBefore) {
  EXPECT_EQ(compared(day(2, 199)), (std::vector<std::string>{"row_change "}));
  EXPECT_EQ(compared(day(2, 200)), std::vector<std::string>());
  EXPECT_EQ(compared(day(2, 800)), std::vector<std::string>());
  EXPECT_EQ(compared(day(2, 801)), (std::vector<std::string>{"row_change "}));
}

TEST(Reference, CountsRowsThatRepeatAnother) {
  auto columns = day(2);
  for (TextColumn& column : columns) {
    column.values[5] = column.type == ColumnType::kText ? column.values[5] : "";
    for (std::size_t i = 0; i < 80; ++i) column.values.push_back(column.values[5 + i / 2]);
  }
  const ShardedTable before(make_table_of(day(1)));
  const Reference reference{before.dataset, before.verdict(comparison())};
  const ShardedTable now(make_table_of(columns));
  const Verdict verdict = now.verdict(comparison(), {}, &reference);
  ASSERT_EQ(failures(verdict), (std::vector<std::string>{"repeated_rows "}));
  EXPECT_EQ(verdict.checks.back().rows, 480);
  EXPECT_EQ(verdict.checks.back().unexpected, 80);
  EXPECT_EQ(verdict.checks.back().samples[0], now.sample(400, nullptr));
}

TEST(Reference, OutliersThatWereThereBeforePass) {
  ValidationConfig config = comparison();
  config.outliers = {"iqr", 0.5, 0.05, Action::kWarn};
  const ShardedTable before(make_table_of(day(1)));
  const Reference reference{before.dataset, before.verdict(config)};
  EXPECT_EQ(failures(reference.verdict), (std::vector<std::string>{"outliers amount"}));
  const ShardedTable now(make_table_of(day(2)));
  EXPECT_EQ(failures(now.verdict(config)), (std::vector<std::string>{"outliers amount"}));
  EXPECT_TRUE(failures(now.verdict(config, {}, &reference)).empty());
}

// The second file is new, and alone is judged: in all rows together its scaled values would pass.
TEST(Reference, OfAFolderThatGrowsOnlyTheNewFilesAreCompared) {
  auto columns = day(1);
  auto scaled = day(2);
  for (std::string& value : scaled[0].values) value = fmt::format("{}", 0.25 * std::stod(value));
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].values.insert(columns[i].values.end(), scaled[i].values.begin(), scaled[i].values.end());
  }
  ShardedTable grown(make_table_of(columns), 40);
  grown.dataset.sources = {{"first.csv", 0, digest_of("1")}, {"second.csv", 0, digest_of("2")}};
  const ShardedTable before(make_table_of(day(1)));
  Reference reference{before.dataset, before.verdict(comparison())};
  reference.dataset.sources = {{"first.csv", 0, digest_of("1")}};
  EXPECT_EQ(failures(grown.verdict(comparison(), {}, &reference)),
            (std::vector<std::string>{"shift amount"}));
}

TEST(Reference, NothingIsComparedWhereThatIsSwitchedOff) {
  const ShardedTable before(make_table_of(day(1)));
  const Reference reference{before.dataset, before.verdict(comparison())};
  const ShardedTable now(make_table_of(day(2, 20)));
  ValidationConfig config = comparison();
  config.reference.dataset = "none";
  EXPECT_TRUE(failures(now.verdict(config, {}, &reference)).empty());
  config.reference.dataset = "last";
  config.reference.schema = config.reference.changes = Action::kIgnore;
  EXPECT_TRUE(now.verdict(config, {}, &reference).checks.empty());
}

ValidationConfig leakage() {
  ValidationConfig config = no_rules();
  config.leakage.action = Action::kWarn;
  return config;
}

TEST(Leakage, WarnsOfACopyOfTheTargetAndOfNothingElse) {
  auto columns = day(1);
  EXPECT_EQ(failures(ShardedTable(make_table_of(columns)).verdict(leakage(), target())),
            std::vector<std::string>());
  TextColumn copy{"copy", ColumnType::kInteger, {}};
  for (const std::string& value : columns[3].values) copy.values.push_back(value == "yes" ? "0" : "1");
  columns.push_back(copy);
  const ShardedTable data(make_table_of(columns));
  const Verdict verdict = data.verdict(leakage(), target());
  EXPECT_EQ(verdict.checks.size(), 4);
  EXPECT_EQ(failures(verdict), (std::vector<std::string>{"leakage copy"}));
  EXPECT_TRUE(verdict.accepted());
}

TEST(Leakage, JoinsTheSpellingsOfThePositiveClass) {
  auto columns = day(1);
  TextColumn copy{"copy", ColumnType::kText, columns[3].values};
  for (std::size_t i = 0; i < 200; ++i) columns[3].values[i] += ".";
  columns.push_back(copy);
  const ShardedTable data(make_table_of(columns));
  EXPECT_TRUE(failures(data.verdict(leakage(), target())).empty());
  TargetConfig spelled = target();
  spelled.positive = {"yes", "yes."};
  EXPECT_EQ(failures(data.verdict(leakage(), spelled)), (std::vector<std::string>{"leakage copy"}));
}

TEST(Leakage, SeesAFunctionOfANumber) {
  auto columns = day(1, 2000);
  TextColumn copy{"copy", ColumnType::kReal, {}};
  for (const std::string& value : columns[0].values)
    copy.values.push_back(fmt::format("{}", 3 * std::stod(value) - 1));
  columns.push_back(copy);
  const ShardedTable data(make_table_of(columns), 333);
  EXPECT_EQ(failures(data.verdict(leakage(), target("amount"))), (std::vector<std::string>{"leakage copy"}));
}

TEST(Leakage, LooksAtEvenlySpacedRowsOfManyAndAtNoneOfFew) {
  auto columns = day(1, 70000);
  columns.push_back({"copy", ColumnType::kText, columns[3].values});
  columns.erase(columns.begin(), columns.begin() + 3);
  const ShardedTable many(make_table_of(columns), 9000);
  const Verdict verdict = many.verdict(leakage(), target());
  EXPECT_EQ(failures(verdict), (std::vector<std::string>{"leakage copy"}));
  EXPECT_EQ(verdict.checks[0].rows, 35000);
  auto few = day(1, 49);
  few.push_back({"copy", ColumnType::kText, few[3].values});
  EXPECT_TRUE(ShardedTable(make_table_of(few)).verdict(leakage(), target()).checks.empty());
}

}  // namespace
}  // namespace millrace
