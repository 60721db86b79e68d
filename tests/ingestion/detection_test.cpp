#include "ingestion/detection.hpp"

#include <gtest/gtest.h>

#include "ingestion/reference_csv.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

class DetectDelimiter : public testing::Test {
 protected:
  std::string found(const std::string& text) {
    testing_support::write_text(folder_ / "a.csv", text);
    return detect_delimiter(ReadableFile(folder_ / "a.csv"), config_);
  }

  void expect_doubt(const std::string& text, const std::string& words) {
    try {
      ADD_FAILURE() << "found " << found(text);
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kWrongDelimiter);
      EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
    }
  }

  testing_support::TemporaryFolder folder_;
  DataConfig config_;
};

TEST_F(DetectDelimiter, TakesTheOneThatCutsAllRecordsAlike) {
  EXPECT_EQ(found("x,y\n1,2\n"), ",");
  EXPECT_EQ(found("x;y\n1,5;2,5\n3;4,5\n"), ";");
  EXPECT_EQ(found("x|y|z\n\"1;1\"|2|3\n"), "|");
  EXPECT_EQ(found("x\ty\n1, one\t2\n2, two\t3\n"), "\t");
  EXPECT_EQ(found("x;\"y\n,\"\n1;\"a,b\"\n"), ";") << "a quote opens at a field's beginning only";
}

TEST_F(DetectDelimiter, LooksPastAFewBrokenRecords) {
  std::string text = "x;y\n";
  for (int i = 0; i < 18; ++i) text += "1,2;3\n";
  EXPECT_EQ(found(text + "4\n"), ";");
  expect_doubt(text + "4\n4\n4\n", "';' gives 2 fields in 19 of 22 records");
}

TEST_F(DetectDelimiter, LeavesASingleColumnWhole) {
  EXPECT_EQ(found("x\n1\n2\n"), ",");
  EXPECT_EQ(found("note\na, b\nc\nd; e\nf\n"), "|");
}

TEST_F(DetectDelimiter, SaysWhatIsInDoubt) {
  expect_doubt("x,y;z\n1,2;3\n", "',' gives 2 fields in 2 of 2 records, ';' gives 2 fields in 2 of 2");
  expect_doubt("a title\nx,y\n1,2\n3,4\n", "set data.delimiter");
}

TEST_F(DetectDelimiter, KnowsTheOtherCharacters) {
  config_.comment = "#";
  EXPECT_EQ(found("# a, b; c\nx;y\n1;2\n"), ";");
  config_.escape = "\\";
  EXPECT_EQ(found("x;y\\,z\n1;2\\,3\n"), ";");
  config_.quote = ";";
  EXPECT_EQ(found("x,;y;\n1,;2;\n"), ",");
}

}  // namespace
}  // namespace millrace
