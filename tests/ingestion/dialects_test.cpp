// Files that are written in other ways than RFC 4180 has it, and what is told of them.
#include "ingestion/ingest_fixture.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::FormattedRows;
using testing_support::pick;

class Dialects : public testing_support::IngestTest {
 protected:
  IngestResult read(const std::string& text) {
    config_.source.clear();
    source("a.csv", text);
    return ingest_together();
  }

  void expect_refused(const std::string& text, Topic topic, const std::string& words) {
    config_.source.clear();
    source("a.csv", text);
    const Error error = failure();
    testing_support::expect_topic(error, topic);
    EXPECT_NE(error.message().find(words), std::string::npos) << words << " is not in " << error.message();
  }
};

// Fields with everything that an escape may stand before, and comments with everything that is none in them.
std::string escaped_csv(CounterRandom& random, std::size_t rows) {
  const std::vector<std::string> atoms{"a", "é", "\\\\", "\\,", "\\\"", "\\\n", "\\\r", "\\#", "\\x", "5\""};
  const std::vector<std::string> quoted{"a", ",", "\n", "\r\n", "\\\\", "\\\"", "\"\"", "#", "\n#"};
  std::string text = "# a title with \"quotes\n#\\\nx,y\n";
  for (std::size_t row = 0; row < rows; ++row) {
    for (const char* end : {",", "\n"}) {
      const bool is_quoted = random.below(3) == 0;
      std::string field = is_quoted ? "\"" : "v";
      for (std::uint64_t n = random.below(6); n > 0; --n)
        field += testing_support::pick(random, is_quoted ? quoted : atoms);
      text += field + (is_quoted ? "\"" : "") + end;
    }
    if (random.below(6) == 0) text += "#,\"\\\n";
  }
  return text;
}

TEST_F(Dialects, EscapesAndCommentsAreThoseOfThePlainParserForAnyCut) {
  config_.escape = "\\";
  config_.comment = "#";
  config_.missing = {};
  config_.types = {{"x", {"text", {}}}, {"y", {"text", {}}}};
  CounterRandom random(derive_key({1}));
  for (int round = 0; round < 2; ++round) {
    const std::string text = escaped_csv(random, 40);
    auto expected = *testing_support::reference_parse(text, {',', '\\', '#'});
    expected.erase(expected.begin());
    ASSERT_EQ(expected.size(), 40U);
    for (const std::uint64_t block : {100, 130, 10'000}) {
      config_.block_bytes = block;
      config_.shard_bytes = 3 * block;
      config_.threads = 1 + static_cast<std::uint32_t>(block % 3);
      const FormattedRows rows = rows_of(read(text).dataset);
      ASSERT_EQ(rows.size(), expected.size()) << testing::PrintToString(text);
      for (std::size_t i = 0; i < rows.size(); ++i) ASSERT_EQ(rows[i], expected[i].fields);
    }
  }
}

TEST_F(Dialects, AMissingTokenIsComparedAsItStandsToo) {
  config_.escape = "\\";
  config_.missing = {"\\N"};
  EXPECT_EQ(rows_of(read("x,y\n\\N,\"\\N\"\n1,\\\\N\n").dataset),
            (FormattedRows{{"(missing)", "N"}, {"1", "\\N"}}));
}

TEST_F(Dialects, TheDelimiterIsFoundAndTold) {
  config_.delimiter = "auto";
  const IngestResult found = read("x;y\n1,5;2,5\n3;4,5\n");
  EXPECT_EQ(found.dataset.delimiter, ";");
  EXPECT_EQ(Json(found.dataset).get<Dataset>().delimiter, ";");
  config_.delimiter = ";";
  const Dataset given = read("x;y\n1,5;2,5\n3;4,5\n").dataset;
  EXPECT_EQ(given.delimiter, "");
  EXPECT_EQ(rows_of(given), rows_of(found.dataset));
  config_.delimiter = "auto";
  expect_refused("x,y;z\n1,2;3\n", Topic::kWrongDelimiter, "'a.csv' does not tell it: ',' gives 2 fields");
}

TEST_F(Dialects, DatesAndTimesHaveGivenFormats) {
  config_.formats = {{"day", {"%d.%m.%Y", {}}}, {"at", {"%m/%d/%y %I:%M %p %z", {}}}};
  config_.max_rejected_share = 0.5;
  const Dataset dataset = read(
                              "day,at,n\n24.11.2026,11/24/26 03:26 PM "
                              "+0100,1\n\"1.2.2026\",,2\n2026-11-24,,3\n,1/2/03 1:00 am Z,4\n")
                              .dataset;
  EXPECT_EQ(dataset.schema[0].type, ColumnType::kDate);
  EXPECT_EQ(dataset.schema[1].type, ColumnType::kTimestamp);
  EXPECT_EQ(rows_of(dataset), (FormattedRows{{"2026-11-24", "2026-11-24T14:26:00Z", "1"},
                                             {"2026-02-01", "(missing)", "2"},
                                             {"(missing)", "2003-01-02T01:00:00Z", "4"}}));
  ASSERT_EQ(dataset.rejects.count, 1U);
  EXPECT_EQ(dataset.rejects.samples[0]["reason"], "'2026-11-24' is no date (%d.%m.%Y)");
  config_.types = {{"day", {"timestamp", {}}}};
  EXPECT_EQ(rows_of(read("day,at\n24.11.2026,\n").dataset)[0][0], "2026-11-24T00:00:00Z");
}

TEST_F(Dialects, FormatsThatCannotBeAreMistakesOfTheConfiguration) {
  const auto expect = [&](const std::string& column, const std::string& format, Topic topic,
                          const std::string& words) {
    config_.formats = {{column, {format, {"c.yaml", 4, 7}}}};
    expect_refused("day\n24.11.2026\n", topic, words);
  };
  expect("date", "%d.%m.%Y", Topic::kUnknownColumn, "c.yaml:4:7: data.formats names 'date'");
  expect("day", "%d.%m", Topic::kWrongValue, "the format '%d.%m' needs a year");
  config_.types = {{"day", {"integer", {}}}};
  expect("day", "%d.%m.%Y", Topic::kContradiction,
         "c.yaml:4:7: data.formats gives 'day' dates, but data.types says integer");
}

}  // namespace
}  // namespace millrace
