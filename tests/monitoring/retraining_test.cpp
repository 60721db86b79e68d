#include "monitoring/retraining.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "storage/journal.hpp"
#include "support/tables.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;

constexpr double kHour = 3600;

RetrainConfig rules(double cooldown, std::uint32_t a_day) {
  RetrainConfig config;
  config.cooldown = cooldown;
  config.max_per_day = a_day;
  return config;
}

TEST(Obstacles, ThereIsNoneAtFirst) {
  EXPECT_EQ(obstacle_to_retraining({}, rules(24 * kHour, 1), 1e9, ""), "");
}

TEST(Obstacles, TheCooldown) {
  const std::vector<BegunRetraining> begun{{1e9, "", false}};
  EXPECT_EQ(obstacle_to_retraining(begun, rules(6 * kHour, 9), 1e9 + 3 * kHour, ""),
            "one began 3.0 h ago, and monitoring.retrain.cooldown is 6.0 h");
  EXPECT_EQ(obstacle_to_retraining(begun, rules(6 * kHour, 9), 1e9 + 6 * kHour, ""), "");
}

TEST(Obstacles, SoManyADay) {
  const std::vector<BegunRetraining> begun{{1e9, "", false}, {1e9 + kHour, "", false}};
  EXPECT_EQ(obstacle_to_retraining(begun, rules(0, 2), 1e9 + 2 * kHour, ""),
            "2 began within 24 hours, as many as monitoring.retrain.max_per_day allows");
  EXPECT_EQ(obstacle_to_retraining(begun, rules(0, 2), 1e9 + 24.5 * kHour, ""), "");
}

TEST(Obstacles, AnEventCountsOnce) {
  const std::vector<BegunRetraining> begun{{1, "upload-17", false}};
  EXPECT_EQ(obstacle_to_retraining(begun, rules(0, 9), 1e9, "upload-17"),
            "event 'upload-17' has begun one already");
  EXPECT_EQ(obstacle_to_retraining(begun, rules(0, 9), 1e9, "upload-18"), "");
}

TEST(Obstacles, OneThatFailedHoldsNothingBack) {
  EXPECT_EQ(obstacle_to_retraining({{1e9, "e", true}}, rules(24 * kHour, 1), 1e9 + 1, "e"), "");
}

// Of one that seems to begin in years.
TEST(Obstacles, AClockThatWasWrongHoldsNothingBackForEver) {
  EXPECT_EQ(obstacle_to_retraining({{2e9, "", false}}, rules(24 * kHour, 1), 1e9, ""), "");
  EXPECT_NE(obstacle_to_retraining({{1e9 + kHour, "", false}}, rules(24 * kHour, 1), 1e9, ""), "");
}

class Retrainings : public testing::Test {
 protected:
  Retrainings() {
    config_.name = "churn";
    config_.workspace = folder_.path();
    config_.monitoring.retrain.action = "run";
    command("echo \"$0\" >>" + folder_.path() + "/begun");
  }
  void command(const std::string& script) { config_.monitoring.retrain.command = {"sh", "-c", script}; }
  RetrainOutcome begin(const std::string& id = "") {
    return retrain(config_, "/etc/churn.yaml", {"drift", "tenure has drifted", id});
  }
  [[nodiscard]] std::string begun() const {
    return path_exists(folder_.path() + "/begun") ? read_file(folder_.path() + "/begun") : "";
  }
  [[nodiscard]] std::vector<std::string> entries() const {
    std::vector<std::string> types;
    for (const JournalEntry& entry : Journal(folder_.path() + "/monitoring/churn", "journal").read())
      types.push_back(entry.content().at("type"));
    return types;
  }

  testing_support::TemporaryFolder folder_;
  PipelineConfig config_;
};

TEST_F(Retrainings, OneBeginsAndTheNextWaits) {
  EXPECT_TRUE(begin().begun);
  EXPECT_EQ(begun(), "/etc/churn.yaml\n");
  const RetrainOutcome second = begin();
  EXPECT_FALSE(second.begun);
  EXPECT_TRUE(contains(second.said, "cooldown")) << second.said;
  EXPECT_EQ(begun(), "/etc/churn.yaml\n");
  EXPECT_EQ(entries(), (std::vector<std::string>{"begun", "started"}));
}

TEST_F(Retrainings, OfManyAtOnceOneBegins) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { (void)begin(); });
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(begun(), "/etc/churn.yaml\n");
}

TEST_F(Retrainings, WhatFailsIsToldAndTriedAgain) {
  command("echo no partition >&2; exit 6");
  EXPECT_EQ(error_of([&] { (void)begin(); }),
            "6: the retraining of churn failed: ended with code 6: no partition");
  command("echo \"$0\" >>" + folder_.path() + "/begun");
  EXPECT_TRUE(begin().begun);
  EXPECT_EQ(entries(), (std::vector<std::string>{"begun", "failed", "begun", "started"}));
}

TEST_F(Retrainings, OneWhoseModelIsRefusedHasRun) {
  command("echo gate not passed >&2; exit 4");
  const RetrainOutcome outcome = begin();
  EXPECT_TRUE(outcome.begun);
  EXPECT_EQ(outcome.said, "the retraining ended with code 4: gate not passed");
  EXPECT_FALSE(begin().begun);
  EXPECT_EQ(entries(), (std::vector<std::string>{"begun", "started"}));
}

TEST_F(Retrainings, AnOutcomeIsOfTheOneThatItNames) {
  config_.monitoring.retrain.cooldown = 0;
  config_.monitoring.retrain.max_per_day = 9;
  const RetrainCause cause{"data", "1 file: a.csv", "id", {{"files", {{{"sha256", "aa"}}}}}};
  EXPECT_TRUE(retrain(config_, "c", cause).begun);
  EXPECT_TRUE(begin().begun);
  auto begun = begun_retrainings(config_.workspace, config_.name);
  ASSERT_EQ(begun.size(), 2U);
  EXPECT_TRUE(begun[0].started && begun[1].started);
  EXPECT_EQ(begun[0].contents, std::set<std::string>{"aa"});
  note_failed(config_, begun[0], "no run has come of it");
  begun = begun_retrainings(config_.workspace, config_.name);
  EXPECT_TRUE(begun[0].failed);
  EXPECT_FALSE(begun[1].failed);
}

TEST_F(Retrainings, ABudgetThatRefusesLeavesNoTrace) {
  const auto refuse = [] { throw Error(Topic::kOverBudget, "no money"); };
  EXPECT_EQ(error_of([&] { (void)retrain(config_, "c", {"drift", "", ""}, refuse); }), "4: no money");
  EXPECT_EQ(entries().size(), 0U);
  EXPECT_EQ(begun(), "");
}

TEST_F(Retrainings, NothingBeginsWithoutAnAction) {
  config_.monitoring.retrain.action = "none";
  EXPECT_FALSE(begin().begun);
  EXPECT_EQ(begun(), "");
}

TEST_F(Retrainings, ADamagedJournalIsAnErrorAndBeginsNothing) {
  (void)begin();
  const std::string entry = folder_.path() + "/monitoring/churn/000000001.json";
  std::filesystem::permissions(entry, std::filesystem::perms::owner_write,
                               std::filesystem::perm_options::add);
  std::string text = read_file(entry);
  text[text.size() / 2] ^= 1;
  publish_file(entry, text);
  EXPECT_NE(error_of([&] { (void)begin(); }), "");
  EXPECT_EQ(begun(), "/etc/churn.yaml\n");
}

}  // namespace
}  // namespace millrace
