#include "ingestion/csv_reader.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "ingestion/read_pieces.hpp"
#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::ReferenceRecord;

constexpr std::uint64_t kLargeBlock = 1 << 20;

class CsvReaderTest : public testing::Test {
 protected:
  std::vector<ReferenceRecord> read(const std::string& text, std::uint64_t piece, std::uint64_t block) {
    return testing_support::read_pieces(folder_ / "x.csv", text, piece, block, dialect_);
  }

  std::vector<std::vector<std::string>> fields(const std::string& text) {
    std::vector<std::vector<std::string>> all;
    for (const auto& record : read(text, text.size() + 1, kLargeBlock)) all.push_back(record.fields);
    return all;
  }

  [[nodiscard]] testing_support::ReferenceDialect reference() const {
    return {dialect_.delimiter, dialect_.escape, dialect_.comment};
  }

  testing_support::TemporaryFolder folder_;
  CsvDialect dialect_;
};

constexpr const char* kOthers = "\"\"\\\\##,,\n\n\rab";  // bytes that matter to other dialects

using Fields = std::vector<std::vector<std::string>>;

TEST_F(CsvReaderTest, SplitsPlainRecordsWhateverTheirLineEnds) {
  EXPECT_EQ(fields("a,b\nc,d\r\ne,f\rg,h"), (Fields{{"a", "b"}, {"c", "d"}, {"e", "f"}, {"g", "h"}}));
}

TEST_F(CsvReaderTest, KeepsEmptyFieldsAndSkipsBlankLines) {
  EXPECT_EQ(fields("\n\n,\n\r\n,,\n\na,"), (Fields{{"", ""}, {"", "", ""}, {"a", ""}}));
}

TEST_F(CsvReaderTest, UnderstandsQuotes) {
  EXPECT_EQ(fields("\"a,b\",\"c\"\"d\",\"\",\"\"\"\"\n\"x\r\ny\",z,5\" pipe,it\"s\"\n"),
            (Fields{{"a,b", "c\"d", "", "\""}, {"x\r\ny", "z", "5\" pipe", "it\"s\""}}));
}

TEST_F(CsvReaderTest, SkipsAByteOrderMark) {
  EXPECT_EQ(fields("\xef\xbb\xbf\"a\",b\n1,2"), (Fields{{"a", "b"}, {"1", "2"}}));
}

TEST_F(CsvReaderTest, TakesQuotesLiterallyWhereNoneAreAgreedOn) {
  dialect_.quote = '\0';
  EXPECT_EQ(fields("\"a,b\n\"c\",d\n"), (Fields{{"\"a", "b"}, {"\"c\"", "d"}}));
}

TEST_F(CsvReaderTest, TakesWhatFollowsAnEscapeLiterally) {
  dialect_.escape = '\\';
  EXPECT_EQ(fields("a\\,b,\"c\\\"d\",\\\"e,\\\\\nx\\\ny,\"\"\"\",\\N,z\\"),
            (Fields{{"a,b", "c\"d", "\"e", "\\"}, {"x\ny", "\"", "N", "z\\"}}));
  EXPECT_THROW(fields("a,\"b\\\"\n"), Error) << "an escaped quote closes nothing";
}

TEST_F(CsvReaderTest, SkipsComments) {
  dialect_.comment = '#';
  EXPECT_EQ(fields("# a \"title\n#,\"\r\na,#b\n\n\"#c\",\"\n#d\"\n#\n #e,f\n# the end"),
            (Fields{{"a", "#b"}, {"#c", "\n#d"}, {" #e", "f"}}));
  EXPECT_TRUE(fields("#").empty());
  dialect_.escape = '\\';
  EXPECT_EQ(fields("# a\\\n\\#b,c\n"), (Fields{{"#b", "c"}})) << "nothing is escaped in a comment";
}

TEST_F(CsvReaderTest, SkipsCommentsOfAnyLength) {
  dialect_.comment = '#';
  const std::string text = "#" + std::string(100, ',') + "\nab,c\n#" + std::string(50, '"') + "\nd,e";
  const auto records = read(text, 1000, 8);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_EQ(records[0].fields, (std::vector<std::string>{"ab", "c"}));
  EXPECT_EQ(records[1].line, 4U);
}

TEST_F(CsvReaderTest, CountsLinesInsideQuotes) {
  const auto records = read("a,\"x\ny\r\nz\"\nb,c\n\n\nd,e", 100, kLargeBlock);
  ASSERT_EQ(records.size(), 3U);
  EXPECT_EQ(records[0].line, 1U);
  EXPECT_EQ(records[1].line, 4U);
  EXPECT_EQ(records[2].line, 7U);
}

TEST_F(CsvReaderTest, HasNoRecordsInEmptyFiles) {
  for (const char* text : {"", "\n", "\r\n\r\n", "\xef\xbb\xbf", "\xef\xbb\xbf\n"}) {
    EXPECT_TRUE(fields(text).empty()) << testing::PrintToString(text);
  }
}

TEST_F(CsvReaderTest, MarksTextBehindAClosingQuote) {
  const auto records = read("\"a\"b,c\nd,e\n", 100, kLargeBlock);
  ASSERT_EQ(records.size(), 2U);
  EXPECT_TRUE(records[0].bad_quote);
  EXPECT_EQ(records[1].fields, (std::vector<std::string>{"d", "e"}));
}

TEST_F(CsvReaderTest, NamesTheLineOfAQuoteThatIsNeverClosed) {
  for (const std::uint64_t block : {std::uint64_t{4}, kLargeBlock}) {
    try {
      read("a,b\n\"1\n2\",\"x\n1,2\n3,4\n", 1000, block);
      FAIL() << "no error";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kDataRejected);
      EXPECT_NE(error.message().find("'x.csv' line 3"), std::string::npos) << error.message();
    }
  }
}

TEST_F(CsvReaderTest, RefusesUtf16) {
  EXPECT_THROW(read(std::string("\xff\xfe"
                                "a\0b\0",
                                6),
                    100, kLargeBlock),
               Error);
}

TEST_F(CsvReaderTest, RejectsExactlyTheRecordsThatAreLongerThanABlock) {
  for (const std::size_t length : {1U, 7U, 8U, 9U, 16U, 17U, 40U}) {
    const std::string text = "a,b\n" + std::string(length - 1, 'x') + ",\nc,\"d\"\n";
    testing_support::write_text(folder_ / "x.csv", text);
    const ReadableFile file(folder_ / "x.csv");
    CsvReader reader(file, dialect_, {0, file.size()}, 8);
    std::vector<CsvRecord> records;
    testing_support::for_each_record(reader, dialect_,
                                     [&](const CsvRecord& record) { records.push_back(record); });
    ASSERT_EQ(records.size(), 3U) << length;
    EXPECT_EQ(records[1].fault, length > 8 ? RecordFault::kTooLong : RecordFault::kNone) << length;
    EXPECT_EQ(records[1].line, 2U);
    EXPECT_EQ(records[2].line, 3U);
    EXPECT_EQ(records[2].fields[1], "d");
  }
}

// Every cut into shards and blocks gives the records of the whole file, as a plain parser sees them.
TEST_F(CsvReaderTest, AgreesWithTheReferenceOnWellFormedFiles) {
  CounterRandom random(derive_key({1}));
  for (int round = 0; round < 300; ++round) {
    const std::string text = testing_support::well_formed_csv(random, 1 + random.below(4), random.below(12));
    const auto expected = testing_support::reference_parse(text);
    ASSERT_TRUE(expected);
    for (const std::uint64_t shard : {16, 23, 64, 100000}) {
      for (const std::uint64_t block : {400, 700}) {
        ASSERT_EQ(read(text, shard, block), *expected)
            << testing::PrintToString(text) << shard << " " << block;
      }
    }
  }
}

TEST_F(CsvReaderTest, AgreesWithTheReferenceOnAnyBytes) {
  CounterRandom random(derive_key({2}));
  for (int round = 0; round < 3000; ++round) {
    const bool is_plain = round % 2 == 0;
    dialect_.escape = is_plain ? '\0' : '\\';
    dialect_.comment = is_plain || random.below(2) == 0 ? '\0' : '#';
    const std::string text = is_plain ? testing_support::arbitrary_csv(random, random.below(60))
                                      : testing_support::arbitrary_csv(random, random.below(60), kOthers);
    const auto expected = testing_support::reference_parse(text, reference());
    for (const std::uint64_t shard : {3, 5, 16, 100000}) {
      if (expected) {
        ASSERT_EQ(read(text, shard, 100), *expected) << testing::PrintToString(text) << " " << shard;
      } else {
        ASSERT_THROW(read(text, shard, 100), Error) << testing::PrintToString(text) << " " << shard;
      }
    }
  }
}

// Small blocks: records longer than a block are rejected, all others stay what they are.
TEST_F(CsvReaderTest, KeepsItsPlaceBehindLongRecords) {
  CounterRandom random(derive_key({3}));
  for (int round = 0; round < 1000; ++round) {
    dialect_.escape = round % 2 == 0 ? '\0' : '\\';
    dialect_.comment = round % 4 < 2 ? '\0' : '#';
    const std::string text = testing_support::arbitrary_csv(random, random.below(80), kOthers);
    const auto expected = testing_support::reference_parse(text, reference());
    if (!expected) continue;
    const auto records = read(text, 100000, 6);
    ASSERT_EQ(records.size(), expected->size()) << testing::PrintToString(text);
    for (std::size_t i = 0; i < records.size(); ++i) {
      EXPECT_EQ(records[i].offset, (*expected)[i].offset) << testing::PrintToString(text);
      EXPECT_EQ(records[i].line, (*expected)[i].line) << testing::PrintToString(text);
      if (!records[i].fields.empty()) {
        EXPECT_EQ(records[i].fields, (*expected)[i].fields);
      }
    }
  }
}

}  // namespace
}  // namespace millrace
