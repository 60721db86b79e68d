#include "cost/usage.hpp"

#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "cost/samples.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::error_of;
using testing_support::expect_topic;

class Usage : public testing::Test {
 protected:
  Usage() {
    record_ = {{"run", "r1"},
               {"pipeline", "churn"},
               {"status", "done"},
               {"started", "2026-11-27T01:00:00.000Z"},
               {"ranks", 4},
               {"stages",
                {{{"name", "ingest"}, {"cached", true}, {"seconds", 0.1}},
                 {{"name", "train"}, {"cached", false}, {"seconds", 30.5}}}},
               {"cost",
                {{"wall_seconds", 60.25},
                 {"cores", 8},
                 {"gpus", 2},
                 {"team", "a"},
                 {"model", "m"},
                 {"currency", "EUR"},
                 {"prices", {{"gpu_hour", 0.15}}},
                 {"slurm_job", "17"},
                 {"source_bytes", 12345}}}};
  }

  RunUsage usage() { return usage_of(record_, workspace_.path("runs/r1")); }
  void write_events(const std::string& lines) {
    publish_file(workspace_.path("runs/r1/events.jsonl"), lines);
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
  Json record_;
};

TEST_F(Usage, IsWhatTheRecordSays) {
  const RunUsage run = usage();
  EXPECT_EQ(run.core_ms, 8 * 60'250);
  EXPECT_EQ(run.gpu_ms, 2 * 60'250);
  EXPECT_EQ(run.end(), moment_of("2026-11-27T01:01:00.250Z"));
  EXPECT_EQ(run.team, "a");
  EXPECT_EQ(run.model, "m");
  EXPECT_EQ(run.job, "17");
  EXPECT_EQ(run.source_bytes, 12345U);
  EXPECT_EQ(run.prices.gpu_hour, Money::of(0.15, ""));
  EXPECT_FALSE(run.prices.cpu_hour);
  ASSERT_EQ(run.stages.size(), 1U);  // that were not cached
  EXPECT_EQ(run.stages[0].stage, "train");
  EXPECT_EQ(run.stages[0].ms, 30'500);
}

TEST_F(Usage, ARunThatWasInterruptedOrGoesOnCountsUntilItsLastEvent) {
  record_["cost"].erase("wall_seconds");
  for (const char* status : {"running", "interrupted"}) {
    record_["status"] = status;
    EXPECT_EQ(usage().core_ms, 0);
    write_events(
        "{\"event\": \"run.start\", \"time\": \"2026-11-27T01:00:00.100Z\"}\n"
        "{\"event\": \"train.progress\", \"time\": \"2026-11-27T01:10:00.000Z\"}\n"
        "{\"event\": \"train.prog");  // torn
    EXPECT_EQ(usage().core_ms, 8 * 600'000) << status;
    EXPECT_EQ(usage().gpu_ms, 2 * 600'000) << status;
    write_events("");
  }
}

TEST_F(Usage, ARunThatGoesOnIsHeardOfByItsEventsAndItsPosition) {
  record_["cost"].erase("wall_seconds");
  record_["status"] = "running";
  record_["host"] = "n1";
  record_["cost"]["epochs"] = 30;
  record_["cost"]["reservation"] = 7;
  write_events("{\"event\": \"run.start\", \"time\": \"2026-11-27T01:10:00.000Z\"}\n");
  const RunUsage run = usage();
  EXPECT_TRUE(run.running);
  EXPECT_EQ(run.heard, moment_of("2026-11-27T01:10:00Z"));
  EXPECT_EQ(run.host, "n1");
  EXPECT_EQ(run.epochs, 30U);
  EXPECT_EQ(run.reservation, 7U);
  publish_file(workspace_.path("runs/r1/positions/0"), "{}");
  const Moment written = usage().heard;
  EXPECT_NEAR(static_cast<double>(written), static_cast<double>(moment_now()), 60'000);
  record_["status"] = "done";
  EXPECT_FALSE(usage().running);
}

TEST_F(Usage, AClockThatWasSetBackGivesNoNegativeTime) {
  record_["cost"].erase("wall_seconds");
  write_events("{\"event\": \"run.start\", \"time\": \"2026-11-27T00:00:00.000Z\"}\n");
  EXPECT_EQ(usage().wall_ms, 0);
}

TEST_F(Usage, RecordsOfEarlierVersionsHaveACoreARank) {
  record_["cost"] = {{"rank_seconds", 40.0}, {"wall_seconds", 10.0}};
  record_["slurm"] = {{"job_id", "99"}};
  record_["model"] = {{"name", "registered"}};
  const RunUsage run = usage();
  EXPECT_EQ(run.core_ms, 40'000);
  EXPECT_EQ(run.gpu_ms, 0);
  EXPECT_EQ(run.job, "99");
  EXPECT_EQ(run.model, "registered");
  EXPECT_EQ(run.prices.currency, "");
}

TEST_F(Usage, WhatIsNoRecordIsAnErrorAndLeftOut) {
  const Json whole = record_;
  for (const auto& [pointer, value] :
       std::vector<std::pair<std::string, Json>>{{"/started", "yesterday"},
                                                 {"/started", 5},
                                                 {"/cost/cores", "8"},
                                                 {"/cost/wall_seconds", {}},
                                                 {"/run", nullptr},
                                                 {"/stages", 3},
                                                 {"/cost/prices/gpu_hour", -1}}) {
    record_ = whole;
    record_[Json::json_pointer(pointer)] = value;
    expect_topic(error_of([&] { (void)usage(); }), Topic::kDamagedFile);
    EXPECT_EQ(usages_of({record_, whole}, workspace_).size(), 1U) << pointer;
  }
  EXPECT_EQ(usages_of({Json(5), Json(), Json::array(), whole}, workspace_).size(), 1U);
}

TEST_F(Usage, RunsAreSortedByTheirBeginning) {
  Json later = record_;
  later["run"] = "r0";
  later["started"] = "2026-11-28T00:00:00.000Z";
  const auto runs = usages_of({later, record_}, workspace_);
  ASSERT_EQ(runs.size(), 2U);
  EXPECT_EQ(runs[0].run, "r1");
}

}  // namespace
}  // namespace millrace
