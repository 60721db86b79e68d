// millrace data through the real executable: what runs leave in a history, and what is told of it.
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "cli/workbench.hpp"
#include "support/flipped_bit.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::ProcessResult;
using testing_support::Workbench;

class Data : public testing::Test {
 protected:
  void ingest(int days, const std::string& extra = "", int ranks = 0) {
    bench_.make_data(days, 60);
    if (!extra.empty()) bench_.write("pipeline.yaml", Workbench::configuration(extra));
    const ProcessResult result = bench_.millrace({"ingest", "pipeline.yaml", "--quiet"}, ranks);
    ASSERT_EQ(result.exit_code, 0) << result.err;
  }
  // millrace data WORDS --json.
  Json data(std::vector<std::string> words, int ranks = 0) {
    words.insert(words.begin(), "data");
    words.emplace_back("--json");
    const ProcessResult result = bench_.millrace(words, ranks);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return Json::parse(result.out, nullptr, false);
  }
  // "EXIT CODE: MESSAGE"
  std::string failure(std::vector<std::string> words, int ranks = 0) {
    words.insert(words.begin(), "data");
    const ProcessResult result = bench_.millrace(words, ranks);
    return std::to_string(result.exit_code) + ": " + result.err;
  }
  static void expect_in(const std::string& text, const std::string& part) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
  std::string shard_path(std::size_t shard) {
    const std::string manifest = data({"show", "test"})["manifest"];
    const std::string object = read_json_file(bench_.path(manifest))["shards"][shard]["object"];
    return bench_.path("workspace/objects/" + object.substr(0, 2) + "/" + object.substr(2));
  }

  Workbench bench_;
};

TEST_F(Data, EachDayIsAVersionThatCostsADay) {
  ingest(2);
  ingest(2);
  ingest(3, "", 2);
  const Json log = data({"log", "test"});
  ASSERT_EQ(log.size(), 2U) << "a run that changes nothing is no version";
  EXPECT_EQ(log[0]["rows"], 180);
  EXPECT_EQ(log[0]["parent"], log[1]["version"]);
  EXPECT_EQ(log[0]["run"], bench_.latest_run()["run"]);
  EXPECT_LT(log[0]["new_bytes"], log[0]["bytes"].get<int>() / 2);
  EXPECT_EQ(log[1]["new_bytes"], log[1]["bytes"]);
  const Json diff = data({"diff", "test"});
  EXPECT_EQ(diff["rows"], Json::parse("[120, 180]"));
  EXPECT_EQ(diff["sources"]["added"][0]["rows"], 60);
  EXPECT_EQ(diff["sources"]["unchanged"], 2);
  EXPECT_EQ(diff["shards"]["shared"], 2);
  EXPECT_EQ(diff["shards"]["new_bytes"], log[0]["new_bytes"]);
  const Json list = data({"list"});
  EXPECT_EQ(list[0]["dataset"], "test");
  EXPECT_EQ(list[0]["versions"], 2);
  EXPECT_EQ(list[0]["branches"][0]["version"], log[0]["version"]);
  EXPECT_EQ(data({"show", "test~1"})["rows"], 120);
}

// A run that was killed between the entry's two names is followed by one for which the entry is there
// already.
TEST_F(Data, ARunThatChangesNothingTidiesTheHistory) {
  ingest(2);
  constexpr int kNobody = 0x7fffffff;
  const std::string left =
      bench_.path(fmt::format("workspace/refs/data/test/000000001.json.tmp-{}-1@{}", kNobody, host_name()));
  std::filesystem::create_hard_link(bench_.path("workspace/refs/data/test/000000001.json"), left);
  ingest(2);
  EXPECT_FALSE(std::filesystem::exists(left));
  EXPECT_EQ(data({"log", "test"}).size(), 1U);
}

TEST_F(Data, ARunMovesItsBranchBackThoughNothingIsReadAgain) {
  ingest(2);
  ingest(3);
  std::filesystem::remove(bench_.path("data/churn-2026-10-03.csv"));
  ASSERT_EQ(bench_.millrace({"ingest", "pipeline.yaml", "--quiet"}).exit_code, 0);
  EXPECT_TRUE(bench_.latest_run()["stages"][0]["cached"]);
  const Json log = data({"log", "test"});
  ASSERT_EQ(log.size(), 3U);
  EXPECT_EQ(log[0]["version"], log[2]["version"]);
  const auto trial = bench_.millrace({"ingest", "pipeline.yaml", "--quiet", "--set", "data.branch=trial"});
  EXPECT_EQ(trial.exit_code, 0) << trial.err;
  EXPECT_TRUE(bench_.latest_run()["stages"][0]["cached"]) << "the branch is no part of the key";
  EXPECT_EQ(data({"log", "test@trial"}).size(), 1U);
}

TEST_F(Data, TextsForPeopleNameWhatHasChanged) {
  ingest(2);
  ingest(3);
  expect_in(bench_.millrace({"data", "list"}).out, "2 versions");
  expect_in(bench_.millrace({"data", "log", "test"}).out, "180 rows, 0 rejected, 3 files");
  expect_in(bench_.millrace({"data", "diff", "test"}).out, "rows 120 → 180 (+60)");
  expect_in(bench_.millrace({"data", "show", "test"}).out, "monthly_charges");
  expect_in(bench_.millrace({"data"}).out, "data verify");
  EXPECT_EQ(bench_.millrace({"data"}).exit_code, 2);
  EXPECT_EQ(bench_.millrace({"data", "diff", "--help"}).exit_code, 0);
}

TEST_F(Data, MistakesAreToldWithWhatThereIs) {
  expect_in(failure({"show", "test"}), "6: millrace: error: there is no dataset 'test'");
  EXPECT_EQ(data({"list"}), Json::array());
  ingest(1);
  expect_in(failure({"show", "tets"}), "(did you mean 'test'?)");
  expect_in(failure({"show", "test@mian"}), "(did you mean 'main'?)");
  expect_in(failure({"log", "test@mian"}), "(did you mean 'main'?)");
  expect_in(failure({"lsit"}), "(did you mean 'data list'?)");
  expect_in(failure({"show"}), "2: millrace: error: version is missing");
  expect_in(failure({"diff", "test"}), "goes back further than the history");
  expect_in(failure({"tag", "test", "main"}), "2: millrace: error: 'main' cannot be a tag's name");
  expect_in(failure({"export", "test", "--format", "parquet"}), "there are csv, hdf5");
  expect_in(failure({"export", "test", "--delimiter", "::"}), "one ASCII character");
  expect_in(failure({"gc", "--keep-last", "-1"}), "2: ");
}

TEST_F(Data, BranchesAndTagsAreMadeMovedAndDeleted) {
  ingest(1);
  ingest(2);
  const std::string first = data({"tag", "test~1", "release"})["version"];
  expect_in(failure({"tag", "test", "release"}), "--move");
  EXPECT_EQ(data({"branch", "test@release", "trial"})["version"], first);
  EXPECT_EQ(data({"branch", "test@trial", "main"})["version"], first);
  const Json log = data({"log", "test"});
  EXPECT_EQ(log[0]["by_hand"], true);
  EXPECT_EQ(log[0]["rows"], 60);
  EXPECT_EQ(log[0]["tags"], Json{"release"});
  data({"branch", "test", "trial", "--delete"});
  data({"tag", "test", "release", "--delete"});
  EXPECT_EQ(data({"list"})[0]["branches"].size(), 1U);
  EXPECT_EQ(data({"list"})[0]["tags"], Json::object());
}

TEST_F(Data, VerifyLocatesDamageForAnyNumberOfRanks) {
  ingest(2);
  EXPECT_EQ(data({"verify", "test"}, 2)["damaged"], Json::array());
  testing_support::flip_a_bit_of<std::int64_t>(shard_path(1), "columns/0001/values");
  for (const int ranks : {0, 3}) {
    const std::string told = failure({"verify", "test"}, ranks);
    expect_in(told, "6: millrace: error: 1 of the 3 objects");
    expect_in(told, "rows of churn-2026-10-02.csv from byte 0 on");
  }
  expect_in(failure({"export", "test", "--out", "x.csv"}), "is damaged");
  EXPECT_FALSE(path_exists(bench_.path("x.csv")));
  expect_in(failure({"view", "test"}), "is damaged");
}

TEST_F(Data, WhatIsExportedReadsBackToTheSameValues) {
  ingest(2);
  data({"export", "test", "--out", "out/all.csv"});
  bench_.write(
      "again.yaml",
      "name: again\ndata: { source: out/all.csv, target: { column: churned, positive: \"Yes\" } }\n");
  ASSERT_EQ(bench_.millrace({"ingest", "again.yaml", "--quiet"}).exit_code, 0);
  EXPECT_EQ(bench_.millrace({"data", "export", "again"}).out, read_file(bench_.path("out/all.csv")));
  const Json diff = data({"diff", "test", "again"});
  EXPECT_TRUE(diff["schema"]["retyped"].empty()) << diff["schema"];
  for (const Json& column : diff["columns"]) EXPECT_EQ(column["psi"], 0.0) << column;
}

TEST_F(Data, ACheckMayRefuseToPublish) {
  bench_.write("check",
               "#!/bin/sh\n"
               "echo \"$MILLRACE_DATASET $MILLRACE_BRANCH ${MILLRACE_PARENT:-first}\"\n"
               "test \"$1\" = strict && test \"$2\" = \"$MILLRACE_MANIFEST\" && test -s \"$2\" || exit 9\n"
               "exec test ! -e refuse\n");
  std::filesystem::permissions(bench_.path("check"), std::filesystem::perms::owner_all);
  bench_.make_data(1, 60);
  const std::vector<std::string> run{"ingest", "pipeline.yaml", "--quiet", "--set",
                                     "data.publish_check=[./check, strict]"};
  bench_.write("refuse", "");
  for (const int ranks : {0, 2}) {
    const ProcessResult refused = bench_.millrace(run, ranks);
    EXPECT_EQ(refused.exit_code, 3) << refused.err;
    expect_in(refused.err, "(ended with code 1): test main first; branch 'main' stays as it was");
  }
  expect_in(failure({"show", "test"}), "there is no dataset");
  EXPECT_EQ(bench_.latest_run()["error"]["topic"], "publish-refused");
  expect_in(read_file(bench_.path("workspace/runs/latest/publish-check.log")), "test main first\n");
  std::filesystem::remove(bench_.path("refuse"));
  const ProcessResult published = bench_.millrace(run, 2);
  EXPECT_EQ(published.exit_code, 0) << published.err;
  EXPECT_TRUE(bench_.latest_run()["stages"][0]["cached"]) << "only the check ran again";
  EXPECT_EQ(data({"show", "test"})["rows"], 60);
}

TEST_F(Data, ACheckThatHangsOrIsNotThereEndsTheRun) {
  bench_.make_data(1, 60);
  const auto run = [&](const std::string& check) {
    return bench_.millrace({"ingest", "pipeline.yaml", "--quiet", "--set", "data.publish_check=" + check,
                            "--set", "data.publish_check_seconds=0.3"},
                           2);
  };
  const ProcessResult outlasted = run("[sh, -c, \"sleep 60\"]");
  EXPECT_EQ(outlasted.exit_code, 3) << outlasted.err;
  expect_in(outlasted.err, "took longer than 0.3 s");
  const ProcessResult missing = run("[./no-such-program]");
  EXPECT_EQ(missing.exit_code, 6) << missing.err;
  expect_in(missing.err, "no-such-program");
}

TEST_F(Data, TwoRunsAtOnceAreBothRemembered) {
  bench_.make_data(2, 60);
  std::vector<std::unique_ptr<BackgroundProcess>> jobs;
  for (const char* source : {"data/churn-2026-10-01.csv", "data/churn-2026-10-02.csv"}) {
    jobs.push_back(std::make_unique<BackgroundProcess>(
        bench_.millrace_command(
            {"ingest", "pipeline.yaml", "--quiet", "--set", std::string("data.source=") + source}),
        bench_.path("job.log"), bench_.folder()));
  }
  for (auto& job : jobs) EXPECT_EQ(job->wait(60), 0) << read_file(bench_.path("job.log"));
  const Json log = data({"log", "test"});
  ASSERT_EQ(log.size(), 2U);
  EXPECT_EQ(log[0]["parent"], log[1]["version"]);
}

// What gc lets go of is made again; what a model needs stays.
TEST_F(Data, GarbageGoesAndPipelinesGoOn) {
  ingest(1);
  ingest(2);
  ASSERT_EQ(bench_.millrace({"run", "pipeline.yaml", "--quiet"}).exit_code, 0);
  ingest(3);
  const std::string oldest = data({"log", "test"})[2]["version"];
  const std::vector<std::string> gc{"gc", "--keep-last", "1", "--grace-hours", "0"};
  EXPECT_EQ(data({"gc", "--keep-last", "1"})["objects"], 0) << "all is younger than a day";
  const Json dry = data({"gc", "--keep-last", "1", "--grace-hours", "0", "--dry-run"});
  EXPECT_EQ(dry["versions"], Json{"test@" + oldest.substr(0, 12)});
  EXPECT_EQ(data({"show", "test~2"})["rows"], 60);
  const Json done = data(gc);
  EXPECT_EQ(done["objects"], dry["objects"]);
  EXPECT_EQ(data({"log", "test"})[2]["kept"], false);
  expect_in(failure({"show", "test~2"}), "6: millrace: error: version");
  for (const char* version : {"test", "test~1"})
    EXPECT_EQ(data({"verify", version})["damaged"], Json::array());
  EXPECT_EQ(data(gc)["objects"], 0) << "a second collection finds nothing";
  expect_in(bench_.millrace({"predict", "test@champion", "data/churn-2026-10-01.csv"}).out, "probability");
  for (const char* day : {"2", "3"})
    std::filesystem::remove(bench_.path(std::string("data/churn-2026-10-0") + day + ".csv"));
  const ProcessResult again = bench_.millrace({"ingest", "pipeline.yaml", "--quiet"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(data({"show", "test"})["version"], oldest);
}

}  // namespace
}  // namespace millrace
