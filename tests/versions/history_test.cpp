#include "versions/history.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

class HistoryTest : public testing::Test {
 protected:
  static Digest version(int number) { return digest_of(std::to_string(number)); }
  static VersionFacts facts(const std::string& run) { return {run, 7, 1, 2, 100, 3, 80, 40}; }

  void publish(int number, const std::string& branch = "main") const {
    history_.publish(branch, version(number),
                     [&](const Digest& parent) { return facts("after " + parent.brief()); });
  }
  [[nodiscard]] std::size_t entries() const { return list_folder(workspace_.path("refs/data/churn")).size(); }

  testing_support::TemporaryFolder folder_;
  Workspace workspace_{folder_.path()};
  History history_{workspace_, "churn"};
};

TEST_F(HistoryTest, ABranchMeansWhatWasPublishedLastAndRemembersTheRest) {
  EXPECT_TRUE(history_.state().moves.empty());
  publish(1);
  publish(2);
  publish(1);
  const HistoryState state = history_.state();
  EXPECT_EQ(state.head("main"), version(1));
  ASSERT_EQ(state.log("main").size(), 3U);
  EXPECT_TRUE(state.log("main")[0].parent.empty());
  EXPECT_EQ(state.log("main")[2].parent, version(2));
  EXPECT_EQ(state.versions(), (std::vector{version(1), version(2)}));
  EXPECT_EQ(state.facts_of(version(2))->run, "after " + version(1).brief());
  EXPECT_EQ(state.facts_of(version(2))->new_bytes, 40U);
  EXPECT_EQ(state.facts_of(version(9)), nullptr);
}

TEST_F(HistoryTest, WhatIsSoAlreadyIsNotWrittenAgain) {
  publish(1);
  publish(1);
  history_.set_branch("main", version(1));
  history_.set_tag("first", version(1), false);
  history_.set_tag("first", version(1), false);
  EXPECT_EQ(entries(), 2U);
}

TEST_F(HistoryTest, ADeletedBranchBeginsAnew) {
  publish(1);
  history_.set_branch("trial", version(1));
  publish(2, "trial");
  EXPECT_EQ(history_.state().log("trial").size(), 2U);
  history_.delete_branch("trial");
  EXPECT_FALSE(history_.state().head("trial"));
  publish(3, "trial");
  ASSERT_EQ(history_.state().log("trial").size(), 1U);
  EXPECT_EQ(history_.state().head("main"), version(1));
  EXPECT_TRUE(contains(error_of([&] { history_.delete_branch("trail"); }),
                       "6: dataset 'churn' has no branch 'trail'"
                       " (did you mean 'trial'?)"));
}

TEST_F(HistoryTest, ATagIsMovedOnlyOnRequest) {
  history_.set_tag("release", version(1), false);
  EXPECT_TRUE(
      contains(error_of([&] { history_.set_tag("release", version(2), false); }), "2: tag 'release'"));
  EXPECT_EQ(history_.state().tags.at("release"), version(1));
  history_.set_tag("release", version(2), true);
  EXPECT_EQ(history_.state().tags.at("release"), version(2));
  history_.delete_tag("release");
  EXPECT_TRUE(history_.state().tags.empty());
  EXPECT_TRUE(contains(error_of([&] { history_.delete_tag("release"); }), "it has none"));
}

TEST_F(HistoryTest, NamesAreCheckedAndMeanOneThing) {
  publish(1);
  for (const char* name : {"", "..", "a/b", "-x", "a@b", "a~1"}) {
    EXPECT_TRUE(
        contains(error_of([&] { history_.set_branch(name, version(1)); }), "cannot be a branch's name"));
    EXPECT_TRUE(
        contains(error_of([&] { history_.set_tag(name, version(1), false); }), "cannot be a tag's name"));
  }
  EXPECT_TRUE(contains(error_of([&] { history_.set_tag("main", version(1), false); }), "a branch has it"));
  history_.set_tag("first", version(1), false);
  EXPECT_TRUE(contains(error_of([&] { publish(2, "first"); }), "a tag has it"));
}

// Two runs that end at once: neither is lost, and each has the one before it as its parent.
TEST_F(HistoryTest, WritersAtOnceAreAllRemembered) {
  constexpr int kWriters = 4;
  constexpr int kEach = 10;
  std::vector<std::thread> writers;
  for (int writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      for (int i = 0; i < kEach; ++i) publish(writer * kEach + i);
    });
  }
  for (std::thread& writer : writers) writer.join();
  const auto log = history_.state().log("main");
  ASSERT_EQ(log.size(), static_cast<std::size_t>(kWriters * kEach));
  EXPECT_EQ(history_.state().versions().size(), log.size());
  for (std::size_t i = 1; i < log.size(); ++i) {
    EXPECT_EQ(log[i].parent, log[i - 1].version);
    EXPECT_EQ(log[i].facts->run, "after " + log[i].parent.brief());
  }
}

TEST_F(HistoryTest, TheFileOfAnOlderWorkspaceGivesWay) {
  publish_file(folder_ / "refs/data/churn", version(7).hex() + "\n");
  EXPECT_TRUE(history_.state().moves.empty());
  EXPECT_TRUE(dataset_names(workspace_).empty());
  publish(1);
  EXPECT_EQ(history_.state().head("main"), version(1));
  EXPECT_EQ(dataset_names(workspace_), std::vector<std::string>{"churn"});
}

TEST_F(HistoryTest, AnAlteredEntryAndANewerOneAreRefused) {
  publish(1);
  publish(2);
  Json entry = read_json_file(folder_ / "refs/data/churn/000000001.json");
  entry["version"] = version(3).hex();
  publish_file(folder_ / "refs/data/churn/000000001.json", pretty_json(entry));
  EXPECT_TRUE(contains(error_of([&] { (void)history_.state(); }), "was altered"));
  EXPECT_TRUE(contains(error_of([&] { publish(4); }), "was altered"));
  entry["type"] = "merge";
  const History other(workspace_, "other");
  publish_file(folder_ / "refs/data/other/000000001.json", pretty_json(entry));
  EXPECT_TRUE(contains(error_of([&] { (void)other.state(); }), "unknown type 'merge'"));
}

}  // namespace
}  // namespace millrace
