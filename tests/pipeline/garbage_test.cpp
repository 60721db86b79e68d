#include "pipeline/garbage.hpp"

#include <filesystem>
#include <map>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"
#include "versions/history.hpp"

namespace millrace {
namespace {

constexpr double kDay = 86400;

std::string days_ago(double days) {
  using namespace std::chrono;
  const auto time =
      system_clock::now() - duration_cast<system_clock::duration>(duration<double>(days * kDay));
  return to_rfc3339(time_point_cast<milliseconds>(time));
}

// A workspace whose objects are all older than the grace period.
class Garbage : public testing::Test {
 protected:
  Garbage() { workspace_.prepare(); }

  Digest object(const std::string& content, double days_old = 10) {
    const Digest digest = workspace_.put_object(content);
    age(digest, days_old);
    return digest;
  }
  void age(const Digest& digest, double days_old) {
    const auto then = static_cast<time_t>(parse_rfc3339(days_ago(days_old)));
    const timespec times[2] = {{then, 0}, {then, 0}};
    ASSERT_EQ(::utimensat(AT_FDCWD, workspace_.object_path(digest).c_str(), times, 0), 0);
  }
  // A manifest with two shards, of which "shared" is also in all others.
  Digest version(const std::string& name) {
    return object(Json{{"shards", {object("shard of " + name).hex(), object("shared").hex()}}}.dump());
  }
  [[nodiscard]] bool has_version(const Digest& version, const std::string& name) const {
    const bool has = workspace_.has_object(version);
    EXPECT_EQ(workspace_.has_object(digest_of("shard of " + name)), has) << name;
    return has;
  }
  void write_run(const std::string& name, const std::string& status, double days_old, const Json& outputs) {
    publish_file(workspace_.path("runs/" + name + "/run.json"), pretty_json({{"run", name},
                                                                             {"pipeline", "churn"},
                                                                             {"status", status},
                                                                             {"started", days_ago(days_old)},
                                                                             {"host", host_name()},
                                                                             {"pid", ::getpid()},
                                                                             {"outputs", outputs}}));
  }
  Digest record_action(const std::string& stage, const Digest& output) {
    const Digest key = digest_of(stage + output.hex());
    workspace_.record_action(stage, key, {{"key", Json::object()}, {"output", {{"dataset", output.hex()}}}});
    return key;
  }
  GarbageReport collect(const KeepRules& keep = {}, bool dry_run = false) {
    return collect_garbage(workspace_, {keep, kDay, dry_run});
  }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
  History history_{workspace_, "churn"};
};

KeepRules last(std::uint64_t number) {
  return {{}, number};
}

TEST_F(Garbage, WhatNothingNamesGoesOnceItIsOld) {
  const Digest old_one = object("old");
  const Digest young_one = object("young", 0.5);
  const GarbageReport dry = collect({}, true);
  EXPECT_EQ(dry.objects, 1U);
  EXPECT_EQ(dry.bytes, 3U);
  EXPECT_EQ(dry.young_objects, 1U);
  EXPECT_TRUE(workspace_.has_object(old_one));
  EXPECT_EQ(collect().objects, 1U);
  EXPECT_FALSE(workspace_.has_object(old_one));
  EXPECT_TRUE(workspace_.has_object(young_one));
  EXPECT_TRUE(list_folder(workspace_.temporary_folder()).empty());
}

TEST_F(Garbage, PublishingAgainMakesAnObjectYoung) {
  const Digest digest = object("again");
  workspace_.put_object("again");
  EXPECT_EQ(collect().young_objects, 1U);
  EXPECT_TRUE(workspace_.has_object(digest));
}

TEST_F(Garbage, WithoutRulesWhatBranchesHaveMeantStays) {
  const Digest first = version("first");
  const Digest second = version("second");
  const Digest trial = version("trial");
  for (const Digest& each : {first, second}) history_.set_branch("main", each);
  history_.set_branch("trial", trial);
  EXPECT_EQ(collect().objects, 0U);
  history_.delete_branch("trial");
  const GarbageReport report = collect();
  EXPECT_EQ(report.versions, std::vector<std::string>{"churn@" + trial.brief()});
  EXPECT_TRUE(has_version(first, "first"));
  EXPECT_TRUE(has_version(second, "second"));
  EXPECT_FALSE(has_version(trial, "trial"));
  EXPECT_TRUE(workspace_.has_object(digest_of("shared")));
}

TEST_F(Garbage, RulesLetGoOfOldVersionsButNotOfTaggedOnes) {
  std::vector<Digest> versions;
  for (const char* name : {"v0", "v1", "v2", "v3"}) {
    versions.push_back(version(name));
    history_.set_branch("main", versions.back());
  }
  history_.set_tag("release", versions[1], false);
  EXPECT_EQ(collect({3, {}}).objects, 0U) << "all are of the last three days";
  collect({0, 2});
  EXPECT_FALSE(has_version(versions[0], "v0"));
  EXPECT_TRUE(has_version(versions[1], "v1")) << "tagged";
  EXPECT_TRUE(has_version(versions[2], "v2"));
  EXPECT_TRUE(has_version(versions[3], "v3"));
  collect(last(0));
  EXPECT_FALSE(has_version(versions[2], "v2"));
  EXPECT_TRUE(has_version(versions[3], "v3")) << "what a branch means stays";
}

TEST_F(Garbage, WhatModelsEndpointsAndAcceptedDataNeedStays) {
  const Digest trained = version("trained");
  const Digest weights = object("weights");
  const Digest artifact = object("artifact");
  publish_file(workspace_.path("registry/000000001.json"),
               Json{{"details", {{"dataset", trained.hex()}, {"weights", weights.hex()}}}}.dump());
  publish_file(workspace_.path("deploy/churn/state.json"), Json{{"artifact", artifact.hex()}}.dump());
  const auto record = [&](const std::string& name, const std::string& before) {
    return object(Json{
        {"dataset", version(name).hex()},
        {"verdict", object("{}" + name).hex()},
        {"read_as", digest_of("settings").hex()},
        {"compared_with",
         before}}.dump());
  };
  const Digest older = record("older", "");
  const Digest before = record("before", older.hex());
  workspace_.set_ref("accepted", "churn", record("now", before.hex()));
  collect(last(0));
  EXPECT_TRUE(has_version(trained, "trained"));
  EXPECT_TRUE(workspace_.has_object(weights));
  EXPECT_TRUE(workspace_.has_object(artifact));
  EXPECT_TRUE(workspace_.has_object(digest_of("shard of now")));
  EXPECT_TRUE(workspace_.has_object(digest_of("shard of before"))) << "what the last was compared with";
  EXPECT_FALSE(workspace_.has_object(digest_of("shard of older")));
}

TEST_F(Garbage, RunsCountAsLongAsTheRulesSay) {
  std::vector<Digest> made;
  for (const char* name : {"r0", "r1", "r2", "r3"}) made.push_back(version(name));
  const auto outputs = [&](int i) {
    return Json{{"ingest", {{"dataset", made[static_cast<std::size_t>(i)].hex()}}}};
  };
  write_run("20260101T000000.000Z-1", "done", 30, outputs(0));
  write_run("20260102T000000.000Z-1", "failed", 29, outputs(1));
  publish_file(workspace_.path("runs/20260102T000000.000Z-1/checkpoints/step-1.h5"), "");
  write_run("20260103T000000.000Z-1", "done", 2, outputs(2));
  write_run("20260104T000000.000Z-1", "done", 1, outputs(3));
  EXPECT_EQ(collect().objects, 0U);
  collect({10, {}});
  EXPECT_FALSE(has_version(made[0], "r0"));
  EXPECT_TRUE(has_version(made[1], "r1")) << "its checkpoint can be taken up";
  EXPECT_TRUE(has_version(made[2], "r2"));
  collect(last(1));
  EXPECT_FALSE(has_version(made[2], "r2"));
  EXPECT_TRUE(has_version(made[3], "r3"));
}

TEST_F(Garbage, ActionsGoWithTheirResults) {
  const Digest kept = version("kept");
  const Digest gone = version("gone");
  history_.set_branch("main", kept);
  const Digest kept_key = record_action("ingest", kept);
  const Digest gone_key = record_action("ingest", gone);
  EXPECT_EQ(collect().objects, 0U) << "without rules what is recorded stays";
  EXPECT_EQ(collect(last(1)).actions, 1U);
  EXPECT_TRUE(workspace_.find_action("ingest", kept_key));
  EXPECT_FALSE(workspace_.find_action("ingest", gone_key));
  EXPECT_FALSE(has_version(gone, "gone"));
}

// What is kept of files and of shards' values stays as long as all shards that it names are needed.
TEST_F(Garbage, WhatIsKeptOfShardsGoesWithThem) {
  history_.set_branch("main", version("kept"));
  (void)version("gone");
  const std::map<std::string, std::vector<std::string>> shards_of{
      {"kept", {"shard of kept", "shared"}},
      {"part", {"shard of kept", "shard of gone"}},
      {"gone", {"shard of gone", "shared"}}};
  for (const std::string action : {"file", "values"}) {
    for (const auto& [name, shards] : shards_of) {
      Json digests = Json::array();
      for (const std::string& shard : shards) digests.push_back(digest_of(shard).hex());
      const Digest record = object(action + " of " + name);
      workspace_.record_action(action, digest_of(name),
                               {{"output", {{"kept", record.hex()}, {"shards", digests}}}});
    }
  }
  collect(last(1));
  for (const std::string action : {"file", "values"}) {
    for (const auto& [name, shards] : shards_of) {
      EXPECT_EQ(workspace_.find_action(action, digest_of(name)).has_value(), name == "kept") << name;
      EXPECT_EQ(workspace_.has_object(digest_of(action + " of " + name)), name == "kept") << name;
    }
  }
}

TEST_F(Garbage, WhatARunInProgressMayTakeUpStays) {
  const Digest recorded = version("recorded");
  const Digest unnamed = object("unnamed");
  const Digest key = record_action("ingest", recorded);
  write_run("20260101T000000.000Z-1", "running", 0, Json::object());
  const GarbageReport report = collect(last(0));
  EXPECT_EQ(report.runs_in_progress.size(), 1U);
  EXPECT_TRUE(has_version(recorded, "recorded"));
  EXPECT_TRUE(workspace_.find_action("ingest", key));
  EXPECT_FALSE(workspace_.has_object(unnamed));
}

// Stands for another process: it acts once, before the first rename, or before a file of `folder` is opened.
class Meanwhile : public FileOperations {
 public:
  explicit Meanwhile(std::function<void()> then, std::string folder = "")
      : then_(std::move(then)), folder_(std::move(folder)) {}
  int rename(const char* from, const char* to) override {
    if (folder_.empty()) act();
    return FileOperations::rename(from, to);
  }
  int open(const char* path, int flags, unsigned mode) override {
    if (!folder_.empty() && std::string_view(path).find(folder_) != std::string_view::npos) act();
    return FileOperations::open(path, flags, mode);
  }

 private:
  void act() {
    if (then_) std::exchange(then_, nullptr)();
  }
  std::function<void()> then_;
  std::string folder_;
};

TEST_F(Garbage, ARunThatBeginsMeanwhileKeepsTheObjects) {
  const Digest recorded = version("recorded");
  const Digest key = record_action("ingest", recorded);
  Meanwhile another([&] { write_run("20260101T000000.000Z-1", "running", 0, Json::object()); }, "/actions/");
  const ScopedFileOperations scope(another);
  const GarbageReport report = collect(last(0));
  EXPECT_TRUE(report.interrupted);
  EXPECT_EQ(report.objects, 0U);
  EXPECT_TRUE(has_version(recorded, "recorded"));
  EXPECT_FALSE(workspace_.find_action("ingest", key)) << "or the next collection would find it again";
}

TEST_F(Garbage, ATagGivenMeanwhileKeepsItsVersion) {
  const Digest late = version("late");
  record_action("ingest", late);
  Meanwhile another([&] { history_.set_tag("late", late, false); }, "/actions/");
  const ScopedFileOperations scope(another);
  collect(last(0));
  EXPECT_TRUE(has_version(late, "late"));
}

TEST_F(Garbage, AnObjectThatIsPublishedAtTheLastMomentIsPutBack) {
  const Digest digest = object("wanted");
  Meanwhile another([&] { age(digest, 0); });
  const ScopedFileOperations scope(another);
  EXPECT_EQ(collect().objects, 0U);
  EXPECT_EQ(workspace_.get_object(digest), "wanted");
  EXPECT_TRUE(list_folder(workspace_.temporary_folder()).empty());
}

TEST_F(Garbage, AnUnreadableHistoryKeepsEverything) {
  const Digest unnamed = object("unnamed");
  history_.set_branch("main", version("v0"));
  history_.set_branch("main", version("v1"));
  publish_file(workspace_.path("refs/data/churn/000000001.json"), "{");
  EXPECT_THROW(collect(last(0)), Error);
  EXPECT_TRUE(workspace_.has_object(unnamed));
}

TEST(DigestsIn, AreWordsOf64Digits) {
  const std::string digest = digest_of("x").hex();
  EXPECT_EQ(digests_in("\"" + digest + "\"," + digest), (std::vector{digest_of("x"), digest_of("x")}));
  EXPECT_TRUE(digests_in(digest + "0").empty());
  EXPECT_TRUE(digests_in(digest.substr(1)).empty());
  EXPECT_TRUE(digests_in("").empty());
}

}  // namespace
}  // namespace millrace
