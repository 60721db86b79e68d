#include "ingestion/csv.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/file.hpp"
#include "ingestion/packed_text.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"
#include "table/format.hpp"

namespace millrace {
namespace {

class ReadCsvTable : public testing::Test {
 protected:
  Table read(const std::string& text, const std::vector<Field>& wanted) {
    testing_support::write_text(folder_ / "in.csv", text);
    return read_csv_table(folder_ / "in.csv", config_, Schema(wanted));
  }
  // The message of the error that reading gives; its code goes to `code_`.
  std::string failure(const std::string& text, const std::vector<Field>& wanted) {
    try {
      read(text, wanted);
    } catch (const Error& error) {
      code_ = error.code();
      return error.message();
    }
    return "no error";
  }

  testing_support::TemporaryFolder folder_;
  DataConfig config_;
  ExitCode code_ = ExitCode::kDone;
};

const std::vector<Field> kAgeAndName{{"age", ColumnType::kInteger}, {"name", ColumnType::kText}};

TEST_F(ReadCsvTable, TakesTheWantedColumnsInTheWantedOrder) {
  const Table table = read("name,x,age\nAda,1,36\n\"Ev, a\",2,\n", kAgeAndName);
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table["age"].integers[0], 36);
  EXPECT_FALSE(table["age"].is_valid(1));
  EXPECT_EQ(table["name"].text(1), "Ev, a");
}

TEST_F(ReadCsvTable, ReadsPackedFiles) {
  for (auto* pack : {testing_support::gzip, testing_support::zstd}) {
    const Table table = read(pack("name,age\nAda,36\n"), kAgeAndName);
    ASSERT_EQ(table.rows(), 1U);
    EXPECT_EQ(table["age"].integers[0], 36);
    EXPECT_NE(failure(pack("name,age\nAda,x\n"), kAgeAndName).find("'in.csv' line 2"), std::string::npos);
  }
}

TEST_F(ReadCsvTable, ReadsOtherEncodingsDialectsAndFormats) {
  config_.encoding = "latin-1";
  config_.delimiter = ";";
  config_.escape = "\\";
  config_.comment = "#";
  config_.formats = {{"day", {"%d.%m.%Y", {}}}};
  const Table table = read("# K\xf6ln;\nday;name\n24.11.2026;K\xf6ln\\;Bonn\n",
                           {{"name", ColumnType::kText}, {"day", ColumnType::kDate}});
  EXPECT_EQ(format_value(table.columns[0], 0), "Köln;Bonn");
  EXPECT_EQ(format_value(table.columns[1], 0), "2026-11-24");
}

TEST_F(ReadCsvTable, TakesColumnsFromPartitionedFolders) {
  const std::string path = folder_ / "age=40/name=Ad%61/n=__HIVE_DEFAULT_PARTITION__/in.csv";
  make_folder(std::filesystem::path(path).parent_path().string());
  testing_support::write_text(path, "x\n1\n2\n");
  std::vector<Field> wanted = kAgeAndName;
  wanted.push_back({"n", ColumnType::kInteger});
  wanted.push_back({"x", ColumnType::kInteger});
  const Table table = read_csv_table(path, config_, Schema(wanted));
  ASSERT_EQ(table.rows(), 2U);
  EXPECT_EQ(table["age"].integers[1], 40);
  EXPECT_EQ(table["name"].text(1), "Ada");
  EXPECT_FALSE(table["n"].is_valid(1));
  EXPECT_EQ(table["x"].integers[1], 2);
}

TEST_F(ReadCsvTable, TrimsAndKnowsMissingTokens) {
  config_.trim = true;
  config_.missing = {"", "?"};
  const Table table = read("age, name\n 7 ,  ? \n?,\" x\"\n", kAgeAndName);
  EXPECT_EQ(table["age"].integers[0], 7);
  EXPECT_FALSE(table["name"].is_valid(0));
  EXPECT_FALSE(table["age"].is_valid(1));
  EXPECT_EQ(table["name"].text(1), "x");
}

TEST_F(ReadCsvTable, NeedsNamesWhereThereIsNoHeader) {
  config_.header = false;
  EXPECT_NE(failure("1,a\n", kAgeAndName).find("data.names"), std::string::npos);
  config_.names = {"age", "name"};
  EXPECT_EQ(read("1,a\n2,b\n", kAgeAndName).rows(), 2U);
  EXPECT_NE(failure("1,a,b\n", kAgeAndName).find("has 3 fields, but data.names has 2"), std::string::npos);
  EXPECT_EQ(code_, ExitCode::kUsage);
}

TEST_F(ReadCsvTable, NamesFileLineAndColumnOfAValueThatDoesNotParse) {
  EXPECT_EQ(failure("age,name\n\n4o,x\n", kAgeAndName), "'in.csv' line 3, column 'age': '4o' is no integer");
  EXPECT_EQ(code_, ExitCode::kDataRejected);
}

TEST_F(ReadCsvTable, RefusesWhatIsNoCsvOfTheseColumns) {
  EXPECT_NE(failure("Age,name\n1,x\n", kAgeAndName).find("no column 'age' (did you mean 'Age'?)"),
            std::string::npos);
  EXPECT_EQ(code_, ExitCode::kUsage);
  for (const auto& [text, words] : std::vector<std::pair<std::string, std::string>>{
           {"", "is empty"},
           {"age,name\n1\n", "line 2: 1 fields instead of 2"},
           {"age,name\n1,\"x\"y\n", "line 2: text between a closing quote"},
           {"age,name\n1,\"x\n", "line 2: the quote that opens here"},
           {"age,name\n1,\xff\n", "line 2, column 'name': '\\xff' is no UTF-8"},
           {std::string("age,name\n1,a\0b\n", 15), "line 2: a NUL byte"},
           {"age,age\n1,x\n", "columns 1 and 2 have the same name 'age'"},
           {"age,\n1,x\n", "column 2 has no name"}}) {
    EXPECT_NE(failure(text, kAgeAndName).find(words), std::string::npos) << failure(text, kAgeAndName);
    EXPECT_EQ(code_, ExitCode::kDataRejected);
  }
}

TEST_F(ReadCsvTable, ReadsAHeaderAloneAsNoRows) {
  EXPECT_EQ(read("age,name\n", kAgeAndName).rows(), 0U);
}

TEST(CsvDialect, RefusesWhatCannotSeparateFields) {
  DataConfig config;
  for (const char* delimiter : {"", "ab", "\n", "\""}) {
    config.delimiter = delimiter;
    EXPECT_THROW(csv_dialect(config), Error) << delimiter;
  }
  config.delimiter = "\t";
  config.quote = "";
  EXPECT_FALSE(csv_dialect(config).has_quote());
}

}  // namespace
}  // namespace millrace
