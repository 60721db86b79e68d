#include "pipeline/ledger.hpp"

#include <chrono>

#include <gtest/gtest.h>

#include "base/digest.hpp"
#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class Ledger : public testing::Test {
 protected:
  RunLedger begin() { return RunLedger::begin(workspace_, "", digest_of(""), "churn", 1); }

  // A run that began when the clock was ahead.
  void write_run(const std::string& name) {
    publish_file(workspace_.path("runs/" + name + "/run.json"),
                 pretty_json({{"run", name}, {"status", "done"}}));
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
};

TEST_F(Ledger, RunsAreNamedByTheTimeOfTheirBeginning) {
  const std::string before = now_rfc3339();
  const std::string name = begin().name();
  const auto digits = [](std::string time) {
    std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
    return time;
  };
  EXPECT_GE(name, digits(before));
  EXPECT_LE(name.substr(0, 19), digits(now_rfc3339()));
}

TEST_F(Ledger, NamesKeepTheirOrderThoughTheClockIsSetBack) {
  write_run("20991231T235959.999Z-4711");
  make_folder(workspace_.path("runs/not-a-run-but-long-enough-for-its-name"));
  const std::string first = begin().name();
  const std::string second = begin().name();
  EXPECT_EQ(first.substr(0, 21), "21000101T000000.000Z-");
  EXPECT_EQ(second.substr(0, 21), "21000101T000000.001Z-");
  EXPECT_EQ(read_run(workspace_, "latest").at("run"), second);
  const auto runs = list_runs(workspace_);
  ASSERT_GE(runs.size(), 3U);
  EXPECT_EQ(read_json_file(workspace_.path("runs/latest/run.json")).at("run"), second);
}

TEST_F(Ledger, TheTimeThatARecordHasIsTheClocks) {
  write_run("20991231T235959.999Z-4711");
  const RunLedger run = begin();
  EXPECT_LT(read_json_file(run.folder() + "/run.json").at("started").get<std::string>(), "2099");
}

}  // namespace
}  // namespace millrace
