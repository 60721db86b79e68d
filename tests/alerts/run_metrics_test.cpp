#include "alerts/run_metrics.hpp"

#include <map>

#include <gtest/gtest.h>

#include "base/faults.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/prometheus_text.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::TemporaryFolder;

class RunMetricsTest : public testing::Test {
 protected:
  // A run of these events.
  struct Run {
    Run(const std::string& folder, const std::string& pipeline) {
      events.listen(run_metrics(folder, pipeline, "churn"));
      events.emit("run.start", {{"run", "r"}, {"ranks", 4}});
    }
    void stage(const std::string& name, bool cached, double seconds, const Json& output = Json::object()) {
      events.emit("stage.done",
                  {{"stage", name}, {"cached", cached}, {"seconds", seconds}, {"output", output}});
    }
    void end(int exit_code) {
      events.emit("run.done", {{"status", "?"}, {"exit_code", exit_code}, {"seconds", 12.5}});
    }
    Events events;
  };

  [[nodiscard]] std::string text(const std::string& pipeline = "night") const {
    return read_file(folder_ / ("millrace_" + pipeline + ".prom"));
  }
  // Of one sample without the labels that all have; "" where there is none.
  [[nodiscard]] std::string value(const std::string& name, const std::string& labels = "") const {
    const std::string sample = name + "{pipeline=\"night\",model=\"churn\"" + labels + "} ";
    for (const std::string& line : split(text(), '\n')) {
      if (line.starts_with(sample)) return line.substr(sample.size());
    }
    return "";
  }

  TemporaryFolder folder_;
};

const Json kIngested{{"rows", 900}, {"rejected", 3}};
const Json kEvaluated{{"test", {{"auc", 0.75}, {"task", "binary"}}}, {"validation", {{"auc", 0.8}}}};

TEST_F(RunMetricsTest, AreThereAfterEachStage) {
  Run run(folder_.path(), "night");
  EXPECT_EQ(value("millrace_run_in_progress"), "1");
  EXPECT_EQ(value("millrace_run_ranks"), "4");
  EXPECT_EQ(value("millrace_run_exit_code"), "");
  run.stage("ingest", false, 2.5, kIngested);
  EXPECT_EQ(value("millrace_dataset_rows"), "900");
  EXPECT_EQ(value("millrace_dataset_rejected_rows"), "3");
  EXPECT_EQ(value("millrace_stage_duration_seconds", ",stage=\"ingest\""), "2.5");
  run.events.emit("train.epoch",
                  {{"train_loss", 0.5}, {"validation_loss", 0.6}, {"samples_per_second", 1e6}});
  run.stage("train", false, 1);
  EXPECT_EQ(value("millrace_training_loss", ",rows=\"training\""), "0.5");
  EXPECT_EQ(value("millrace_training_loss", ",rows=\"validation\""), "0.6");
  run.stage("evaluate", false, 1, kEvaluated);
  EXPECT_EQ(value("millrace_model_metric", ",metric=\"auc\",rows=\"test\""), "0.75");
  run.end(0);
  EXPECT_EQ(value("millrace_run_in_progress"), "0");
  EXPECT_EQ(value("millrace_run_exit_code"), "0");
  EXPECT_EQ(value("millrace_run_duration_seconds"), "12.5");
  EXPECT_NEAR(std::stod(value("millrace_run_last_success_timestamp_seconds")), parse_rfc3339(now_rfc3339()),
              60);
}

TEST_F(RunMetricsTest, WhatARunHasNotLearnedStaysAsItWas) {
  {
    Run run(folder_.path(), "night");
    run.stage("ingest", false, 2.5, kIngested);
    run.stage("evaluate", false, 1, kEvaluated);
    run.end(0);
  }
  const std::string success = value("millrace_run_last_success_timestamp_seconds");
  Run run(folder_.path(), "night");
  EXPECT_EQ(value("millrace_run_exit_code"), "0");
  run.stage("ingest", true, 0.001, {{"rows", 901}, {"rejected", 0}});
  run.end(3);
  EXPECT_EQ(value("millrace_run_exit_code"), "3");
  EXPECT_EQ(value("millrace_run_last_success_timestamp_seconds"), success);
  EXPECT_EQ(value("millrace_stage_duration_seconds", ",stage=\"ingest\""), "2.5");
  EXPECT_EQ(value("millrace_stage_cached", ",stage=\"ingest\""), "1");
  EXPECT_EQ(value("millrace_dataset_rows"), "901");
  EXPECT_EQ(value("millrace_model_metric", ",metric=\"auc\",rows=\"test\""), "0.75");
}

// Once a family, before its samples, as the format wants it.
TEST_F(RunMetricsTest, FamiliesAreWhole) {
  Run run(folder_.path(), "night");
  run.stage("ingest", false, 2.5, kIngested);
  run.stage("evaluate", false, 1, kEvaluated);
  run.end(0);
  std::map<std::string, int> helps;
  std::string family;
  for (const std::string& line : split(text(), '\n')) {
    if (line.starts_with("# HELP ")) ++helps[family = split(line, ' ').at(2)];
    const bool is_sample = !line.empty() && !line.starts_with('#');
    EXPECT_TRUE(!is_sample || line.starts_with(family + "{")) << line;
    EXPECT_TRUE(!line.starts_with("# TYPE ") || line == "# TYPE " + family + " gauge") << line;
  }
  EXPECT_GT(helps.size(), 8U);
  for (const auto& [name, count] : helps) EXPECT_EQ(count, 1) << name;
  EXPECT_TRUE(text().ends_with('\n'));
}

TEST_F(RunMetricsTest, AnyNameOfAPipelineIsALabel) {
  const std::string name = "a \"b\"\\\n{},=} \xFF";
  for (int i = 0; i < 2; ++i) {  // the second reads what the first wrote
    Run run(folder_.path(), name);
    run.end(0);
  }
  const auto files = list_folder(folder_.path());
  ASSERT_EQ(files.size(), 1U);
  const std::string written = read_file(folder_ / files[0]);
  EXPECT_NE(written.find("{pipeline=\"a \\\"b\\\"\\\\\\n{},=} \xEF\xBF\xBD\",model=\"churn\"} 0\n"),
            std::string::npos)
      << written;
  EXPECT_EQ(written.find('\xFF'), std::string::npos);
}

TEST_F(RunMetricsTest, ADamagedFileIsAsNone) {
  publish_file(folder_ / "millrace_night.prom",
               "millrace_run_exit_code{pipeline=\"night\",model=\"churn\"} x\n}{\n} \n"
               "millrace_dataset_rows{pipeline=\"other\",model=\"churn\"} "
               "5\nmillrace_unknown{pipeline=\"night\",model=\"churn\"} 1\n");
  Run run(folder_.path(), "night");
  EXPECT_EQ(value("millrace_run_in_progress"), "1");
  EXPECT_EQ(value("millrace_run_exit_code"), "");
  EXPECT_EQ(text().find("other"), std::string::npos);
  EXPECT_EQ(text().find("unknown"), std::string::npos);
}

TEST_F(RunMetricsTest, AFullDiskLosesThemAndNotTheRun) {
  set_up_logging(LogLevel::kWarning);
  forget_losses();
  Run run(folder_.path(), "night");
  const std::string before = text();
  testing::internal::CaptureStderr();
  {
    FaultyOperations full(parse_fault_plan("write:1+:ENOSPC"), 0);
    const ScopedFileOperations scope(full);
    run.stage("ingest", false, 2.5, kIngested);
  }
  EXPECT_NE(testing::internal::GetCapturedStderr().find("No space left"), std::string::npos);
  EXPECT_EQ(text(), before);
  EXPECT_EQ(list_folder(folder_.path()).size(), 1U);
}

}  // namespace
}  // namespace millrace
