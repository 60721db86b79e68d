// What is exported reads back to the same values.
#include "versions/export_csv.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "ingestion/csv.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"
#include "table/format.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;
using testing_support::make_table_of;

std::string csv_of(const Table& table, const CsvStyle& style = {}) {
  std::string text;
  CsvWriter writer(style, [&](std::string_view bytes) { text += bytes; });
  writer.write_header(table.schema);
  writer.write_rows(table);
  return text;
}

void expect_equal(const Table& found, const Table& expected) {
  ASSERT_EQ(found.rows(), expected.rows());
  for (std::size_t i = 0; i < expected.columns.size(); ++i) {
    for (std::size_t row = 0; row < expected.rows(); ++row) {
      ASSERT_EQ(found.columns[i].is_valid(row), expected.columns[i].is_valid(row)) << row << " " << i;
      ASSERT_EQ(format_value(found.columns[i], row), format_value(expected.columns[i], row))
          << row << " " << i;
    }
  }
}

class ExportCsv : public testing::Test {
 protected:
  void expect_round_trip(const Table& table, const CsvStyle& style = {}) {
    std::ofstream(folder_ / "x.csv", std::ios::binary) << csv_of(table, style);
    DataConfig config;
    config.delimiter = std::string(1, style.delimiter);
    config.missing = {style.missing};
    expect_equal(read_csv_table(folder_ / "x.csv", config, table.schema), table);
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(ExportCsv, QuotesOnlyWhatNeedsIt) {
  const Table table = make_table_of({{"a,b", ColumnType::kText, {"plain", "x,y", "say \"so\"", " edge", ""}},
                                     {"n", ColumnType::kInteger, {"1", "", "-3", "4", "5"}}});
  EXPECT_EQ(csv_of(table), "\"a,b\",n\nplain,1\n\"x,y\",\n\"say \"\"so\"\"\",-3\n\" edge\",4\n,5\n");
}

TEST_F(ExportCsv, EveryTypeReadsBack) {
  expect_round_trip(make_table_of(
      {{"b", ColumnType::kBoolean, {"true", "", "false"}},
       {"i", ColumnType::kInteger, {"-9223372036854775808", "9223372036854775807", ""}},
       {"r", ColumnType::kReal, {"0.1", "-0", "1.7976931348623157e308"}},
       {"d", ColumnType::kDate, {"0000-01-01", "9999-12-31", ""}},
       {"t", ColumnType::kTimestamp, {"1969-12-31T23:59:59.999999Z", "", "2026-11-24T03:26:01Z"}},
       {"s", ColumnType::kText, {"é", "", "007"}}}));
}

TEST_F(ExportCsv, NastyTextsReadBackWithEveryDelimiter) {
  constexpr std::string_view kCharacters = "ab ,;\t\"\r\n'|0\\";
  CounterRandom random(derive_key({7}));
  std::vector<std::string> texts;
  std::vector<std::string> others;
  for (int i = 0; i < 3000; ++i) {
    std::string text(1 + random.below(6), ' ');
    for (char& c : text) c = kCharacters[random.below(kCharacters.size())];
    if (random.below(9) == 0) text.insert(0, "\xEF\xBB\xBF");
    texts.push_back(random.below(5) == 0 ? "" : text);
    others.push_back(random.below(3) == 0 ? "" : text);
  }
  const Table table = make_table_of({{"\xEF\xBB\xBF"
                                      "first",
                                      ColumnType::kText, texts},
                                     {"b", ColumnType::kText, others}});
  for (const char delimiter : {',', ';', '\t', '|'}) expect_round_trip(table, {delimiter, '"', ""});
  expect_round_trip(table, {',', '"', "NA"});
}

TEST_F(ExportCsv, ASingleColumnKeepsItsEmptyRows) {
  expect_round_trip(make_table_of({{"x", ColumnType::kText, {"", "a", "", ""}}}));
  expect_round_trip(make_table_of({{"x", ColumnType::kInteger, {"", "1", ""}}}));
}

TEST_F(ExportCsv, ATextThatMeansMissingIsRefused) {
  Table table = make_table_of({{"x", ColumnType::kText, {"NA", "b"}}});
  EXPECT_TRUE(contains(error_of([&] {
                         csv_of(table, {',', '"', "NA"});
                       }),
                       "2: column 'x' has the value 'NA' itself"));
  TextAppender(table.columns[0]).append("");
  EXPECT_TRUE(contains(error_of([&] { csv_of(table); }), "choose another --missing"));
  expect_round_trip(table, {',', '"', "none"});
}

TEST_F(ExportCsv, NoRowsAreAHeader) {
  EXPECT_EQ(csv_of(make_table(Schema({{"x", ColumnType::kReal}, {"y", ColumnType::kText}}))), "x,y\n");
}

}  // namespace
}  // namespace millrace
