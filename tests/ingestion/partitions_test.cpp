#include "ingestion/partitions.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::expect_topic;
using testing_support::formatted_rows;
using Names = std::vector<std::string>;
using Values = std::vector<PartitionValue>;

TEST(SourceName, IsTheFilesNameBehindTheFoldersRightAboveIt) {
  EXPECT_EQ(source_name("a.csv"), "a.csv");
  EXPECT_EQ(source_name("/data/a.csv"), "a.csv");
  EXPECT_EQ(source_name("/run=5/data/day=1/region=eu/a.csv"), "day=1/region=eu/a.csv");
  EXPECT_EQ(source_name("day=1/a=b.csv"), "day=1/a=b.csv");
  EXPECT_EQ(source_name("/data/=1/a.csv"), "a.csv");
  EXPECT_EQ(source_name("s3://bucket/day=1/a.csv"), "day=1/a.csv");
}

TEST(PartitionValues, AreDecoded) {
  EXPECT_EQ(partition_values("a.csv"), Values{});
  EXPECT_EQ(partition_values("day=1/region=eu/a=b.csv"), (Values{{"day", "1"}, {"region", "eu"}}));
  EXPECT_EQ(partition_values("a%20b=x%2Fy%3dz/c=/d=1=2/f"),
            (Values{{"a b", "x/y=z"}, {"c", ""}, {"d", "1=2"}}));
  EXPECT_EQ(partition_values("a=100%/b=%zz%4/c=%%41/f"),
            (Values{{"a", "100%"}, {"b", "%zz%4"}, {"c", "%A"}}));
}

class Partitions : public testing::Test {
 protected:
  [[nodiscard]] Table table_of(const Names& names) const {
    const PartitionColumns columns(names, config_);
    Table all;
    for (std::size_t i = 0; i < names.size(); ++i) {
      Table one = make_table(Schema({{"x", ColumnType::kInteger}}));
      one.columns[0].append_integer(7);
      columns.append_to(one, i);
      if (i == 0) {
        all = one;
      } else {
        rows_.push_back(formatted_rows(one)[0]);
      }
      if (i == 0) rows_ = formatted_rows(one);
    }
    return all;
  }
  Error failure(const Names& names) const {
    try {
      const PartitionColumns columns(names, config_);
    } catch (const Error& error) {
      return error;
    }
    return {ExitCode::kDone, "no error"};
  }
  [[nodiscard]] std::vector<std::uint8_t> kept(const Names& names, const std::string& condition) const {
    return PartitionColumns(names, config_).matches({condition, {"c.yaml", 4, 15}});
  }

  DataConfig config_;
  mutable testing_support::FormattedRows rows_;
};

TEST_F(Partitions, HaveTypesFoundAsThoseOfOtherColumns) {
  const Table table = table_of({"day=2026-11-23/n=1/s=07/a.csv", "day=2026-11-24/n=2.5/s=8/a.csv",
                                "day=__HIVE_DEFAULT_PARTITION__/n=/s=x/a.csv"});
  EXPECT_EQ(table.schema, Schema({{"x", ColumnType::kInteger},
                                  {"day", ColumnType::kDate},
                                  {"n", ColumnType::kReal},
                                  {"s", ColumnType::kText}}));
  EXPECT_EQ(rows_, (testing_support::FormattedRows{{"7", "2026-11-23", "1", "07"},
                                                   {"7", "2026-11-24", "2.5", "8"},
                                                   {"7", "(missing)", "(missing)", "x"}}));
}

TEST_F(Partitions, HaveDeclaredTypesAndTheConfiguredMissingTexts) {
  config_.types = {{"month", {"integer", {}}}, {"n", {"text", {}}}};
  config_.missing = {"none"};
  EXPECT_EQ(table_of({"month=01/n=1/a.csv", "month=none/n=/a.csv"}).schema,
            Schema({{"x", ColumnType::kInteger}, {"month", ColumnType::kInteger}, {"n", ColumnType::kText}}));
  EXPECT_EQ(rows_, (testing_support::FormattedRows{{"7", "1", "1"}, {"7", "(missing)", ""}}));
  const Error error = failure({"month=may/n=1/a.csv"});
  expect_topic(error, Topic::kPartitions);
  EXPECT_NE(error.message().find("'month=may': 'may' is no integer"), std::string::npos) << error.message();
}

TEST_F(Partitions, FillAllRowsOfATable) {
  const PartitionColumns columns({"t=a/n=1/f", "t=b/n=2/f", "t=__HIVE_DEFAULT_PARTITION__/n=3/f"}, config_);
  for (const std::size_t rows : {0U, 1U, 5U}) {
    Table table = make_table(Schema({{"x", ColumnType::kReal}}));
    for (std::size_t i = 0; i < rows; ++i) table.columns[0].append_real(0.5);
    columns.append_to(table, 1);
    EXPECT_EQ(formatted_rows(table), testing_support::FormattedRows(rows, {"0.5", "b", "2"}));
    EXPECT_EQ(table["t"].dictionary.size(), rows > 0 ? 1U : 0U);
    Table missing = make_table(Schema());
    columns.append_to(missing, 2);
    EXPECT_TRUE(missing["t"].dictionary.empty());
  }
}

TEST_F(Partitions, AreTheSameForAllFiles) {
  for (const Names& names :
       {Names{"day=1/a.csv", "b.csv"}, Names{"a.csv", "day=1/b.csv"}, Names{"a=1/b=2/x", "b=2/a=1/x"}}) {
    const Error error = failure(names);
    expect_topic(error, Topic::kPartitions);
    EXPECT_NE(error.message().find("'" + names[1] + "'"), std::string::npos) << error.message();
  }
  expect_topic(failure({"a=1/a=2/x"}), Topic::kPartitions);
  expect_topic(failure({"a=%ff/x"}), Topic::kPartitions);
  expect_topic(failure({"a=%00/x"}), Topic::kPartitions);
}

TEST_F(Partitions, CanBeChosenByACondition) {
  const Names names{"day=2026-11-01/r=eu/a", "day=2026-11-02/r=us/a", "day=2026-11-03/r=eu/a"};
  using Flags = std::vector<std::uint8_t>;
  EXPECT_EQ(kept(names, "day >= date('2026-11-02')"), (Flags{0, 1, 1}));
  EXPECT_EQ(kept(names, "day >= '2026-11-02' and r == 'eu'"), (Flags{0, 0, 1}));
  EXPECT_EQ(kept({"n=1/a", "n=__HIVE_DEFAULT_PARTITION__/a"}, "n < 5"), (Flags{1, 0}));
  for (const char* wrong : {"dya > 3", "day", "day >"}) {
    try {
      (void)kept(names, wrong);
      ADD_FAILURE() << wrong;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage);
      EXPECT_NE(error.message().find("c.yaml:4:15"), std::string::npos) << error.message();
    }
  }
  try {
    (void)kept({"a.csv"}, "true");
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    expect_topic(error, Topic::kContradiction);
  }
}

}  // namespace
}  // namespace millrace
