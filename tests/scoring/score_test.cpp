// Batch scoring by 1 to 4 ranks.
#include "scoring/score.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "ingestion/csv.hpp"
#include "scoring/scores.hpp"
#include "support/tables.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using namespace testing_support;

// Every answer is the one that the server's call gives for that row alone, to the bit.
TEST_F(Scores, AreTheScorersAnswersWhateverTheBlocks) {
  source("a.csv", csv_of(300, 1));
  keep_ = {"id", "age"};
  score("out.csv");
  if (!world_.is_root()) return;
  const Scorer& scorer = model_.artifact.scorer;
  const Table table = read_csv_table(shared("a.csv"), data_, scorer.plan().input_schema());
  std::string expected = "file,row,version,id,age,probability,class\n";
  for (std::size_t row = 0; row < table.rows(); ++row) {
    std::vector<std::uint8_t> keep(table.rows());
    keep[row] = 1;
    Scorer::Workspace workspace;
    std::vector<float> answer;
    scorer.answer(select_rows(table, keep), workspace, answer);
    const Column& age = table["age"];
    expected += fmt::format("a.csv,{},7,c{},{},{},{}\n", row, row,
                            age.is_valid(row) ? std::to_string(age.integers[row]) : "", answer[0],
                            answer[0] >= 0.5F ? "Yes" : "No");
  }
  EXPECT_EQ(read_file(shared("out.csv")), expected);
}

TEST_F(Scores, AreTheSameBytesForAnyNumberOfRanksAndThreads) {
  source("b/day=1/a.csv", csv_of(300, 1));
  source("b/day=2/a.csv", csv_of(10, 2));
  source("b/day=3/a.csv", csv_of(0, 3));
  source("b/day=4/a.csv", csv_of(500, 4));
  keep_ = {"day", "city"};
  const Json together = score("together");
  const std::string alone = scored_alone();
  data_.threads = 1;
  const Json whole = score("out.csv");
  EXPECT_EQ(together["rows"], 810);
  EXPECT_EQ(whole["identity"], together["identity"]);
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), alone);
  EXPECT_EQ(whole["out"]["sha256"], digest_of(alone).hex());
  const std::string header = alone.substr(0, alone.find('\n') + 1);
  std::string joined = header;
  for (const Json& part : together["parts"]) {
    const std::string text = read_file(shared("together/" + part["file"].get<std::string>()));
    EXPECT_EQ(digest_of(text).hex(), part["sha256"]);
    joined += text.substr(header.size());
  }
  EXPECT_EQ(joined, alone);
  EXPECT_GT(together["parts"].size(), 8U);
  // Not by another run in this process: one process with other ranks must give the same.
  const Json by_one =
      score_to_files(Communicator::self(), request(), output_for(shared("by_one"), ScoreFormat::kCsv));
  EXPECT_EQ(by_one, together);
  EXPECT_EQ(read_file(shared("by_one/manifest.json")), read_file(shared("together/manifest.json")));
}

TEST_F(Scores, NumberTheRecordsOfEachFile) {
  source("a.csv", csv_of(200, 1));
  source("b.csv", csv_of(3, 1));
  keep_ = {"id"};
  score("out.csv");
  if (!world_.is_root()) return;
  DataConfig plain;
  const Table scores = read_csv_table(
      shared("out.csv"), plain,
      Schema({{"file", ColumnType::kText}, {"row", ColumnType::kInteger}, {"id", ColumnType::kText}}));
  ASSERT_EQ(scores.rows(), 203U);
  for (std::size_t row = 0; row < scores.rows(); ++row) {
    EXPECT_EQ(scores["file"].text(row), row < 200 ? "a.csv" : "b.csv");
    EXPECT_EQ(scores["id"].text(row), fmt::format("c{}", scores["row"].integers[row]));
  }
}

TEST_F(Scores, GoOnWithThePartsThatAreMissing) {
  source("a.csv", csv_of(600, 1));
  score("whole.csv");
  score("parts");
  if (world_.is_root()) {
    // As kills may leave it: parts without their record, and half-written ones; no manifest.
    fs::remove(shared("parts/manifest.json"));
    fs::remove(shared("parts/part-000001.json"));
    fs::remove(shared("parts/part-000003.json"));
    publish_file(shared("parts/part-000003.csv"), "half of i");
    publish_file(shared("parts/part-000004.csv"), "cut off");
  }
  world_.barrier();
  const auto written = [&](int part) {
    return fs::last_write_time(shared(fmt::format("parts/part-{:06}.csv", part)));
  };
  const auto kept = written(2);
  const Json manifest = score("parts");
  EXPECT_EQ(written(2), kept);
  if (!world_.is_root()) return;
  std::string joined;
  for (const Json& part : manifest["parts"]) {
    const std::string text = read_file(shared("parts/" + part["file"].get<std::string>()));
    joined += joined.empty() ? text : text.substr(text.find('\n') + 1);
  }
  EXPECT_EQ(joined, read_file(shared("whole.csv")));
}

TEST_F(Scores, StopAfterAPartWhenAskedAndGoOnLater) {
  source("a.csv", csv_of(3000, 1));
  score("whole.csv");
  request_stop();
  for (int runs = 0;; ++runs) {
    ASSERT_LT(runs, 100);
    try {
      score("out.csv");
      EXPECT_GT(runs, 1);
      break;
    } catch (const Error& error) {
      expect_topic(error, Topic::kStopped);
    }
  }
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), read_file(shared("whole.csv")));
}

TEST_F(Scores, AreNotDoneTwiceAndNotMixedWithOthers) {
  source("a.csv", csv_of(100, 1));
  score("out.csv");
  const auto written = fs::last_write_time(shared("out.csv"));
  const Json again = score("out.csv");
  EXPECT_EQ(fs::last_write_time(shared("out.csv")), written);
  EXPECT_EQ(again["rows"], 100);
  const ScoringModel other{example_artifact("binary", 8, 2), digest_of("two")};
  try {
    score_to_files(world_, {other, nullptr, data_, {}}, output_for(shared("out.csv"), ScoreFormat::kCsv));
    ADD_FAILURE();
  } catch (const Error& error) {
    expect_topic(error, Topic::kOtherScores);
    EXPECT_NE(error.message().find("the scores of churn/7"), std::string::npos) << error.message();
  }
  keep_ = {"id"};
  expect_topic(failure_of("out.csv"), Topic::kOtherScores);
}

TEST_F(Scores, TellOfEveryRecordThatGetsNone) {
  std::string text = csv_of(50, 1);
  text += "x1,forty,monthly,Ulm,2001-01-01\n";
  text += "x2,4,monthly\n";
  text += csv_of(200, 2).substr(text.find('\n') + 1);
  source("a.csv", text);
  data_.max_rejected_share = 0.1;
  keep_ = {"id"};
  const Json manifest = score("out.csv");
  EXPECT_EQ(manifest["records"], 252);
  EXPECT_EQ(manifest["rows"], 250);
  EXPECT_EQ(manifest["rejected"]["count"], 2);
  EXPECT_EQ(manifest["rejected"]["kinds"], Json({{"cast", 1}, {"missing_columns", 1}}));
  if (world_.is_root()) {
    const auto lines = split(read_file(shared("out.csv.parts/rejected.csv")), '\n');
    ASSERT_EQ(lines.size(), 4U);
    EXPECT_EQ(lines[0], "file,row,line,column,kind,reason,text");
    EXPECT_EQ(lines[1].substr(0, 11), "\"a.csv\",50,");
    EXPECT_NE(lines[1].find("'forty'"), std::string::npos) << lines[1];
    EXPECT_EQ(lines[2].substr(0, 11), "\"a.csv\",51,");
    const std::string scores = read_file(shared("out.csv"));
    EXPECT_NE(scores.find("\na.csv,49,7,c49,"), std::string::npos);
    EXPECT_NE(scores.find("\na.csv,52,7,c0,"), std::string::npos);
  }
  data_.max_rejected_share = 0.001;
  const Error error = failure_of("refused.csv");
  expect_topic(error, Topic::kRejectedRecords);
  EXPECT_NE(error.message().find("2 of 252 records"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("column 'age'"), std::string::npos) << error.message();
  EXPECT_TRUE(fs::exists(shared("refused.csv.parts/rejected.csv")));
  EXPECT_FALSE(fs::exists(shared("refused.csv")));
}

TEST_F(Scores, RejectNumbersThatAreTooLargeForTheModel) {
  source("whole.csv", csv_of(120, 1));
  score("whole_out.csv");
  data_.source.clear();
  // Beyond 10^30 once scaled: by a plan whose deviation is that small.
  FeaturePlan plan = model_.artifact.scorer.plan();
  std::get<NumericTransform>(plan.steps[0].transform).deviation = 1e-30;
  std::get<NumericTransform>(plan.steps[0].transform).mean = 40;
  std::get<NumericTransform>(plan.steps[0].transform).clip = std::pair(39.0, 42.0);
  model_.artifact.scorer = Scorer(plan, model_.artifact.scorer.network());
  source("a.csv", csv_of(120, 1));
  data_.max_rejected_share = 1;
  const Json manifest = score("out.csv");
  const Table table = read_csv_table(shared("a.csv"), data_, plan.input_schema());
  std::uint64_t too_large = 0;
  for (std::size_t row = 0; row < table.rows(); ++row)
    too_large += table["age"].is_valid(row) && table["age"].integers[row] >= 42 ? 1U : 0U;
  EXPECT_GT(too_large, 0U);
  EXPECT_EQ(manifest["rejected"]["kinds"], Json({{"number_too_large", too_large}}));
  EXPECT_EQ(manifest["rows"], 120 - too_large);
}

TEST_F(Scores, RefuseWhatCannotBeScored) {
  source("a.csv", "age,contract,since\n1,monthly,2001-01-01\n");
  const Error missing = failure_of("out.csv");
  expect_topic(missing, Topic::kMissingColumn);
  EXPECT_NE(missing.message().find("'a.csv' has no column 'city'"), std::string::npos) << missing.message();
  keep_ = {"contracts"};
  data_.source.clear();
  source("b.csv", csv_of(3, 1));
  EXPECT_NE(failure_of("out2.csv").message().find("did you mean 'contract'"), std::string::npos);
  keep_ = {"id", "id"};
  expect_topic(failure_of("out3.csv"), Topic::kCommandLine);
  keep_ = {};
  const ScoringModel numbers{example_artifact("regression"), digest_of("r")};
  EXPECT_NE(error_of([&] { require_comparable(model_, numbers); }), "");
  FeaturePlan plan = model_.artifact.scorer.plan();
  plan.steps[0].type = ColumnType::kReal;
  const ScoringModel retyped{{"churn", 9, {}, Scorer(plan, model_.artifact.scorer.network()), {}},
                             digest_of("t")};
  expect_topic(failure_of("out4.csv", &retyped), Topic::kChangedType);
}

TEST_F(Scores, OfNoRowsAreAHeader) {
  source("a.csv", csv_of(0, 1));
  EXPECT_EQ(score("out.csv")["rows"], 0);
  EXPECT_EQ(score("out.h5")["rows"], 0);
  if (!world_.is_root()) return;
  EXPECT_EQ(read_file(shared("out.csv")), "file,row,version,probability,class\n");
}

}  // namespace
}  // namespace millrace
