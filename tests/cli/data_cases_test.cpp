// Data that is sound to read and odd to learn from, at one and at three ranks: refused with a reason, or
// taken.
#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

struct DataRow {
  int x;
  std::string c;
  std::string y;
};

class DataCases : public testing::TestWithParam<int> {
 protected:
  DataCases() {
    bench_.write("c.yaml",
                 "name: test\ndata: { source: a.csv, target: { column: y } }\nmodel: { hidden: [4] }\n"
                 "training: { epochs: 1, batch_size: 64 }\n");
  }

  // Rows that differ from the default as `change(i, row)` says.
  template <class Change>
  void data(int rows, Change&& change) const {
    std::string text = "x,c,y\n";
    for (int i = 0; i < rows; ++i) {
      DataRow row{i * 37 % 101, std::string(1, static_cast<char>('a' + i % 3)), i * 7 % 5 < 2 ? "No" : "Yes"};
      change(i, row);
      text += fmt::format("{},{},{}\n", row.x, row.c, row.y);
    }
    bench_.write("a.csv", text);
  }

  [[nodiscard]] ProcessResult run(const std::vector<std::string>& options) const {
    std::vector<std::string> arguments{"run", "c.yaml", "--quiet"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    return bench_.millrace(arguments, GetParam());
  }

  void expect_refusal(Topic topic, const std::string& words,
                      const std::vector<std::string>& options = {}) const {
    const ProcessResult result = run(options);
    testing_support::expect_topic(result.exit_code, result.err, topic);
    EXPECT_NE(result.err.find(words), std::string::npos) << words << " is not in\n" << result.err;
    EXPECT_EQ(result.err.find("terminate called"), std::string::npos) << result.err;
    EXPECT_EQ(bench_.latest_run()["status"], "failed");
    EXPECT_EQ(bench_.latest_run()["error"]["topic"], entry_of(topic).id);
    EXPECT_FALSE(path_exists("workspace/registry/000000001.json"));
  }

  void expect_model(const std::vector<std::string>& options = {}) const {
    const ProcessResult result = run(options);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(bench_.latest_run()["status"], "done");
    EXPECT_TRUE(path_exists("workspace/registry/000000001.json"));
  }

  [[nodiscard]] bool path_exists(const std::string& name) const {
    return std::filesystem::exists(bench_.path(name));
  }

  static void nothing(int, DataRow&) {}

  Workbench bench_;
};

TEST_P(DataCases, RowsWithoutATargetAreLeftOut) {
  data(120, [](int i, DataRow& row) {
    if (i % 20 == 0) row.y = "";
  });
  expect_model();
}

TEST_P(DataCases, NoTargetAtAll) {
  data(60, [](int, DataRow& row) { row.y = ""; });
  expect_refusal(Topic::kValidationRejected, "validation rejected the data");
  expect_refusal(Topic::kMissingTargets, "the target 'y' has no values: every row is missing",
                 {"--set", "validation.missing.action=ignore"});
}

TEST_P(DataCases, OneClass) {
  data(60, [](int, DataRow& row) { row.y = "No"; });
  expect_refusal(Topic::kOneClassTarget, "the target 'y' has a single class: 'No'");
}

TEST_P(DataCases, OneRow) {
  data(1, nothing);
  expect_refusal(Topic::kOneClassTarget, "", {"--set", "data.split.test=row_index < 0"});
}

TEST_P(DataCases, NoRowToTrainOn) {
  data(60, nothing);
  expect_refusal(Topic::kNoTrainingRows, "there are no rows to train on",
                 {"--set", "data.split.test=row_index >= 0"});
}

TEST_P(DataCases, NoRowToTestOn) {
  data(60, nothing);
  expect_refusal(Topic::kNoTestRows, "the gate has no test rows to judge by",
                 {"--set", "data.split.test=row_index < 0"});
}

TEST_P(DataCases, FewerRowsThanLanesAreSharedAmongFewerLanes) {
  data(40, nothing);
  expect_model();
}

TEST_P(DataCases, FewerRowsThanRanks) {
  data(2, [](int i, DataRow& row) { row.y = i == 0 ? "No" : "Yes"; });
  const std::vector<std::string> options{"--set", "data.split={test: row_index < 0, validation: 0}", "--set",
                                         "evaluation.gate=false"};
  if (GetParam() < 3) {
    expect_model(options);
  } else {
    expect_refusal(Topic::kManyRanks, "3 ranks cannot share 2 lanes", options);
  }
}

TEST_P(DataCases, AConstantFeatureAndALevelThatTrainingNeverSaw) {
  data(120, [](int i, DataRow& row) {
    row.x = 7;
    if (i >= 90) row.c = "never seen before";
  });
  expect_model({"--set", "data.split.test=row_index >= 90"});
}

TEST_P(DataCases, ALevelThatNoRowHadIsAnsweredByTheServer) {
  data(120, nothing);
  expect_model();
  const testing_support::BackgroundProcess server(
      bench_.millrace_command({"serve", "test", "--port", "0", "--address-file", "address"}),
      bench_.path("server.log"), bench_.folder());
  for (int i = 0; i < 2000 && !path_exists("address"); ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const std::string address(trim(read_file(bench_.path("address"))));
  const auto answer = [&](const std::string& row) {
    const ProcessResult result = bench_.millrace({"request", "test", row, "--address", address});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return result.out;
  };
  const std::string unseen = answer(R"({"x": 7, "c": "never seen before"})");
  EXPECT_NE(unseen.find("probability"), std::string::npos) << unseen;
  EXPECT_EQ(answer(R"({"x": 7, "c": "nor this one"})"), unseen);
  EXPECT_NE(answer(R"({"x": 7, "c": "a"})"), unseen);
}

TEST_P(DataCases, AFeatureThatGivesTheTargetAway) {
  data(120, [](int, DataRow& row) { row.c = row.y == "Yes" ? "1" : "0"; });
  expect_refusal(Topic::kValidationRejected, "checks failed: leakage c: found 1.0000 (report.html has all)",
                 {"--set", "validation.leakage.action=reject"});
  expect_model();
  EXPECT_EQ(bench_.latest_run()["outputs"]["validate"]["warnings"], 1);
}

// What is kept of a column's values is bounded: beyond 65,536 of them they are estimated, and no feature.
TEST_P(DataCases, AMillionLevels) {
  constexpr int kRows = 1'000'000;
  data(kRows, [](int i, DataRow& row) { row.c = fmt::format("level {}", i); });
  const ProcessResult result = bench_.millrace({"features", "c.yaml", "--quiet"}, GetParam());
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_NE(result.err.find("the column 'c' has about"), std::string::npos) << result.err;
  const Json outputs = bench_.latest_run()["outputs"];
  EXPECT_EQ(outputs["ingest"]["rows"], kRows);
  EXPECT_EQ(outputs["features"]["inputs"], 1);
  EXPECT_EQ(outputs["validate"]["warnings"], 0);
}

INSTANTIATE_TEST_SUITE_P(Ranks, DataCases, testing::Values(1, 3));

}  // namespace
}  // namespace millrace
