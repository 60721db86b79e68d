// What comes of files that are odd in one way each: read to these values, with these warnings; or refused.
#include <fstream>

#include <sys/resource.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::FormattedRows;

constexpr std::uint64_t kGiB = 1U << 30U;

class FileCases : public testing_support::IngestTest {
 protected:
  FileCases() {
    config_.shard_bytes = 60;
    events_.listen([this](const Json& event) {
      if (event["event"] == "ingest.warning") warnings_.push_back(event["message"]);
    });
  }

  Dataset read(const std::string& text) {
    warnings_.clear();
    config_.source.clear();
    source("a.csv", text);
    return ingest_together().dataset;
  }

  // The one column "x" with these values: its type, and the warning that names it ("" for none).
  void expect_type(const std::vector<std::string>& values, ColumnType type, const std::string& warning) {
    const Dataset dataset = read("x,y\n" + join(values, ",1\n") + ",1\n");
    EXPECT_EQ(dataset.schema[0].type, type) << join(values, " ");
    EXPECT_EQ(dataset.rows(), values.size());
    EXPECT_EQ(dataset.rejects.count, 0U);
    const std::string note = warning.empty() ? "" : warning;
    EXPECT_EQ(dataset.inference_notes[0], note);
    EXPECT_EQ(warnings_.size(), warning.empty() || !world_.is_root() ? 0U : 1U) << join(warnings_, "\n");
  }

  // Refused so, with these words, and nothing of it left in the workspace's tmp/.
  void expect_refused(const std::string& text, Topic topic, const std::string& words) {
    config_.source.clear();
    source("a.csv", text);
    const Error error = failure();
    testing_support::expect_topic(error, topic);
    EXPECT_NE(error.message().find(words), std::string::npos) << words << " is not in " << error.message();
    expect_no_temporary_files();
  }

  std::vector<std::string> warnings_;
};

// `count` values 0, 1, …, each put through `format`.
template <class Format>
std::vector<std::string> values(int count, Format&& format) {
  std::vector<std::string> all;
  for (int i = 0; i < count; ++i) all.push_back(format(i));
  return all;
}

std::vector<std::string> with_last(std::vector<std::string> values, const std::string& last) {
  values.push_back(last);
  return values;
}

TEST_F(FileCases, LineEndsAndMarksDoNotMatter) {
  const FormattedRows expected{{"1", "a"}, {"2", "(missing)"}, {"3", "c d"}};
  for (const char* text :
       {"n,t\n1,a\n2,\n3,c d\n", "n,t\n1,a\n2,\n3,c d", "n,t\r\n1,a\r\n2,\r\n3,c d\r\n",
        "n,t\r1,a\r2,\r3,c d\r", "n,t\n1,a\r\n2,\r3,c d\n", "\xef\xbb\xbfn,t\n1,a\n2,\n3,c d\n",
        "\n\nn,t\n\n1,a\n\r\n2,\n3,c d\n\n", "\"n\",t\n\"1\",\"a\"\n2,\"\"\n3,c d\n"}) {
    EXPECT_EQ(rows_of(read(text)), expected) << testing::PrintToString(text);
  }
}

TEST_F(FileCases, QuotesInTheMiddleOfAFieldAreCharacters) {
  EXPECT_EQ(rows_of(read("t,u\n5\" pipe,a\"\"b\nx\",\"y\"\"z\"\n")),
            (FormattedRows{{"5\" pipe", "a\"\"b"}, {"x\"", "y\"z"}}));
}

TEST_F(FileCases, NumbersThatAreNone) {
  const auto integers = values(19, [](int i) { return std::to_string(i); });
  for (const char* last : {"1,000", "3,5"}) {
    expect_type(with_last(integers, fmt::format("\"{}\"", last)), ColumnType::kText,
                fmt::format("'{}' in a.csv line 21 is no number (1 of 20 values)", last));
  }
  for (const char* last :
       {"inf", "-Infinity", "nan", "NaN", "1e400", "1e-400", "0x10", "1_000", "4o", "1-", " 1"}) {
    expect_type(with_last(integers, last), ColumnType::kText,
                fmt::format("'{}' in a.csv line 21 is no number (1 of 20 values)", last));
  }
  expect_type({"1", "+2", "-3"}, ColumnType::kInteger, "");
  expect_type({"1.", ".5", "1e5", "-0"}, ColumnType::kReal, "");
  expect_type({"007", "12"}, ColumnType::kText, "");
}

TEST_F(FileCases, WholeNumbersBeyondWhatARealNumberKeeps) {
  expect_type({"9223372036854775807", "-9223372036854775808"}, ColumnType::kInteger, "");
  expect_type(
      {"9223372036854775808", "1"}, ColumnType::kReal,
      "'9223372036854775808' in a.csv line 2 has more digits than a real number keeps (1 of 2 values)");
  expect_type({"0.5", "9007199254740993", "9007199254740992"}, ColumnType::kReal,
              "'9007199254740993' in a.csv line 3 has more digits than a real number keeps (1 of 3 values)");
  config_.max_rejected_share = 0.5;
  config_.types = {{"x", {"integer", {}}}};
  const Dataset declared = read("x,y\n9223372036854775808,1\n2,2\n");
  EXPECT_EQ(declared.rejects.samples.at(0)["reason"], "'9223372036854775808' is no integer of 64 bits");
}

TEST_F(FileCases, DatesThatDoNotExist) {
  const auto days = values(19, [](int i) { return fmt::format("2026-01-{:02}", i + 1); });
  expect_type(days, ColumnType::kDate, "");
  for (const char* last :
       {"2026-02-30", "2025-02-29", "2026-13-01", "2026-00-10", "0000-00-00", "30.02.2026", "soon"}) {
    expect_type(with_last(days, last), ColumnType::kText,
                fmt::format("'{}' in a.csv line 21 is no date (1 of 20 values)", last));
  }
  expect_type(with_last(days, "2026-01-20 10:00"), ColumnType::kTimestamp, "");
  expect_type(with_last(days, "2026-01-20 24:00"), ColumnType::kText,
              "'2026-01-20 24:00' in a.csv line 21 is no date (1 of 20 values)");
}

TEST_F(FileCases, ColumnsWithOneValueOrNone) {
  const Dataset dataset = read("a,b,c\n1,,7\n1,,\n1,,\n");
  EXPECT_EQ(dataset.schema,
            Schema({{"a", ColumnType::kInteger}, {"b", ColumnType::kText}, {"c", ColumnType::kInteger}}));
  EXPECT_EQ(dataset.profile[1].statistics.missing, 3U);
  EXPECT_EQ(dataset.profile[2].statistics.present(), 1U);
}

TEST_F(FileCases, QuotesOfAnotherKindAreNamed) {
  expect_type({"'a'", "'b'"}, ColumnType::kText,
              "'\'a\'' in a.csv line 2 holds quotes that are not data.quote, or stand behind a blank (2 of 2 "
              "values)");
  expect_type({" \"a\"", " \"b\""}, ColumnType::kText,
              "' \"a\"' in a.csv line 2 holds quotes that are not data.quote, or stand behind a blank (2 of "
              "2 values)");
  expect_type({"'a'", "b"}, ColumnType::kText, "");
}

TEST_F(FileCases, AHeaderThatLooksLikeDataIsNamed) {
  read("39,Private,2026-01-02\n50,Other,2026-01-03\n");
  if (world_.is_root()) {
    ASSERT_EQ(warnings_.size(), 1U);
    EXPECT_NE(warnings_[0].find("the header looks like data ('39', 'Private', '2026-01-02')"),
              std::string::npos);
  }
  read("age,class,2026-01-02\n50,Other,2026-01-03\n");
  EXPECT_TRUE(warnings_.empty());
}

TEST_F(FileCases, OtherEncodingsAreRefused) {
  using namespace std::string_literals;
  expect_refused("\xff\xfe\0\0x\0\0\0"s, Topic::kWrongEncoding, "'a.csv' is UTF-32");
  expect_refused("\0\0\xfe\xff\0\0\0x"s, Topic::kWrongEncoding, "'a.csv' is UTF-32");
  expect_refused("x\0,\0y\0\n\0001\0,\0002\0\n\0"s, Topic::kWrongEncoding,
                 "'a.csv' line 1: a NUL byte in the header; if the file is UTF-16");
  expect_refused("gr\xf6\xdf\x65,y\n1,2\n", Topic::kWrongEncoding,
                 "'a.csv' line 1: the name of column 1 is no UTF-8: 'gr\\xf6\\xdfe'");
  expect_refused("x,y\nK\xf6ln,1\n", Topic::kRejectedRecords,
                 "a.csv line 2, column 'x': 'K\\xf6ln' is no UTF-8");
  expect_refused("x,y\na\0b,1\n"s, Topic::kRejectedRecords, "a.csv line 2: a NUL byte");
}

TEST_F(FileCases, HeadersThatNameNoColumnsAreRefused) {
  expect_refused("x,x\n1,2\n", Topic::kDuplicateColumn,
                 "'a.csv' line 1: columns 1 and 2 have the same name 'x'");
  expect_refused("x,\n1,2\n", Topic::kUnnamedColumn, "'a.csv' line 1: column 2 has no name");
  expect_refused("\n\n,\n1,2\n", Topic::kUnnamedColumn, "'a.csv' line 3: column 1 has no name");
  expect_refused("sep=;\nx;y\n1;2\n", Topic::kUnsoundHeader,
                 "'a.csv' line 1: 'sep=;' is a spreadsheet's note and no header");
  expect_refused("\"x\"y,z\n1,2\n", Topic::kUnsoundHeader, "'a.csv' line 1: the first record is unsound");
}

TEST_F(FileCases, AnotherDelimiterThanTheFilesIsAMistakeOfTheConfiguration) {
  for (const auto& [text, found] : std::vector<std::pair<std::string, std::string>>{
           {"x;y\n1;2\n", ";"}, {"x\ty\n1\t2\n", "\\x09"}, {"x|y\n1|2\n", "|"}}) {
    config_.source.clear();
    source("a.csv", text);
    const Error error = failure();
    testing_support::expect_topic(error, Topic::kWrongDelimiter);
    EXPECT_NE(
        error.message().find(fmt::format(
            "'a.csv' line 1 is a single column for the delimiter ',', but holds '{}': set data.delimiter",
            found)),
        std::string::npos)
        << error.message();
  }
  config_.names = {"x|y"};  // whoever names the column means it
  EXPECT_EQ(read("x|y\n1\n").rows(), 1U);
}

TEST_F(FileCases, BackslashesEscapeNothing) {
  expect_refused("x,y\n\"say \\\"hi\\\"\",1\n", Topic::kRejectedRecords,
                 "a quote within quotes is doubled, or data.escape is set to the backslash");
  EXPECT_EQ(rows_of(read("x,y\n\"C:\\dir\\\",1\n")), (FormattedRows{{"C:\\dir\\", "1"}}));
}

// A header and three rows of so many numbers.
std::string wide_text(std::size_t columns) {
  std::string text;
  for (std::size_t i = 0; i < columns; ++i) text += fmt::format("{}c{}", i == 0 ? "" : ",", i);
  for (std::size_t row = 0; row < 3; ++row) {
    for (std::size_t i = 0; i < columns; ++i) text += fmt::format("{}{}", i == 0 ? "\n" : ",", row * i);
  }
  return text + "\n";
}

TEST_F(FileCases, TwoThousandColumns) {
  config_.shard_bytes = 40 << 10;
  const Dataset dataset = read(wide_text(2000));
  EXPECT_EQ(dataset.rows(), 3U);
  ASSERT_EQ(dataset.schema.size(), 2000U);
  EXPECT_EQ(dataset.profile[1999].statistics.max, 2.0 * 1999);
  EXPECT_EQ(dataset.profile[1999].quantiles, (read("x\n0\n1999\n3998\n").profile[0].quantiles));
}

// Long: hundreds of megabytes, or minutes.
class HugeFileCases : public FileCases {
 protected:
  HugeFileCases() { config_.shard_bytes = DataConfig().shard_bytes; }
};

TEST_F(HugeFileCases, DISABLED_TwentyThousandColumns) {
  const Dataset dataset = read(wide_text(20'000));
  EXPECT_EQ(dataset.rows(), 3U);
  ASSERT_EQ(dataset.schema.size(), 20'000U);
  EXPECT_EQ(dataset.profile[19'999].statistics.max, 2.0 * 19'999);
}

TEST_F(HugeFileCases, DISABLED_ARowOf100MB) {
  const std::string row = "2," + std::string(100'000'000, 'x') + "\n";
  config_.max_rejected_share = 0.5;
  const Dataset without = read("n,t\n1,a\n" + row + "3,b\n");
  EXPECT_EQ(rows_of(without), (FormattedRows{{"1", "a"}, {"3", "b"}}));
  EXPECT_EQ(without.rejects.samples.at(0)["kind"], "line_size");
  EXPECT_EQ(without.rejects.samples.at(0)["line"], 3);
  config_.block_bytes = 128 << 20;
  const Dataset with = read("n,t\n1,a\n" + row + "3,b\n");
  EXPECT_EQ(with.rows(), 3U);
  EXPECT_EQ(with.rejects.count, 0U);
}

// Behind the quote lies a hole of 2 GiB, which costs no disk.
TEST_F(HugeFileCases, DISABLED_AQuoteLeftOpenBefore2GB) {
  source("a.csv", "n,t\n1,a\n2,\"b\n");
  if (world_.is_root()) std::filesystem::resize_file(shared("a.csv"), 2 * kGiB);
  world_.barrier();
  std::ofstream("/proc/self/clear_refs") << 5;  // proc(5): the peak is counted from here
  const Error error = failure();
  testing_support::expect_topic(error, Topic::kUnclosedQuote);
  EXPECT_NE(error.message().find("'a.csv' line 3: the quote that opens here is never closed"),
            std::string::npos)
      << error.message();
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  EXPECT_LT(usage.ru_maxrss, 512 << 10) << "KiB";
}

}  // namespace
}  // namespace millrace
