// Which contents still call for a retraining.
#include "monitoring/new_data.hpp"

#include <gtest/gtest.h>

#include "base/time.hpp"

namespace millrace {
namespace {

constexpr double kThen = 1.6e9;

BegunRetraining begun_for(const std::string& content) {
  BegunRetraining begun;
  begun.time = kThen;
  begun.number = 1;
  begun.contents = {content};
  return begun;
}

Json run_that(const std::string& status, const Json& exit_code, double started) {
  const auto time = Milliseconds(std::chrono::milliseconds(static_cast<std::int64_t>(started * 1000)));
  return {{"status", status}, {"exit_code", exit_code}, {"started", to_rfc3339(time)}};
}

PipelinePast past_of(std::vector<BegunRetraining> begun) {
  PipelinePast past;
  past.begun = std::move(begun);
  return past;
}

TEST(Fates, WhatTheDatasetHasIsNotNew) {
  PipelinePast past;
  past.dataset.digests = {"aa"};
  EXPECT_EQ(fate_of("aa", past), Fate::kTaken);
  EXPECT_EQ(fate_of("bb", past), Fate::kNew);
}

TEST(Fates, WhatARetrainingHasBegunForIsNotNew) {
  PipelinePast past = past_of({begun_for("aa")});
  past.begun[0].started = true;
  EXPECT_EQ(fate_of("aa", past), Fate::kTaken);
  EXPECT_EQ(fate_of("bb", past), Fate::kNew);
}

// Also where its run got as far as ingestion.
TEST(Fates, WhatARetrainingFailedForIsNewAgain) {
  PipelinePast past = past_of({begun_for("aa")});
  past.dataset.digests.insert("aa");
  past.runs.push_back(run_that("failed", 6, kThen + 1));
  past.begun[0].failed = true;
  EXPECT_EQ(fate_of("aa", past), Fate::kNew);
  past.runs.push_back(run_that("running", nullptr, kThen + 500));
  EXPECT_EQ(fate_of("aa", past), Fate::kInDoubt);
  past.runs.back() = run_that("done", 0, kThen + 500);
  EXPECT_EQ(fate_of("aa", past), Fate::kTaken);
}

TEST(Fates, DataThatARunHasRefusedAreNotTriedAgain) {
  for (const int code : {3, 4}) {
    PipelinePast past = past_of({begun_for("aa")});
    past.runs.push_back(run_that("failed", code, kThen + 1));
    past.begun[0].failed = true;
    EXPECT_EQ(fate_of("aa", past), Fate::kTaken);
    past.runs[0] = run_that("failed", code, kThen - 1);
    EXPECT_EQ(fate_of("aa", past), Fate::kNew);
  }
}

TEST(Fates, TheLastRetrainingForItCounts) {
  PipelinePast past = past_of({begun_for("aa"), begun_for("aa"), begun_for("bb")});
  past.begun[0].failed = true;
  past.begun[1].started = true;
  past.begun[2].failed = true;
  EXPECT_EQ(fate_of("aa", past), Fate::kTaken);
  EXPECT_EQ(fate_of("bb", past), Fate::kNew);
}

// Whoever began it was killed before it could tell more.
TEST(Fates, WithoutAnOutcomeItIsInDoubtUntilItIsGivenUp) {
  PipelinePast past = past_of({begun_for("aa")});
  RetrainConfig rules;
  rules.action = "run";
  EXPECT_EQ(fate_of("aa", past), Fate::kInDoubt);
  EXPECT_TRUE(lost_retrainings(past, rules, kThen + 599).empty());
  ASSERT_EQ(lost_retrainings(past, rules, kThen + 600).size(), 1U);
  EXPECT_EQ(lost_retrainings(past, rules, kThen + 600)[0].number, 1U);
  for (const Json& run : {run_that("running", nullptr, kThen + 5), run_that("done", 0, kThen + 5)}) {
    past.runs = {run};
    EXPECT_TRUE(lost_retrainings(past, rules, kThen + 600).empty()) << run;
  }
  past.runs = {run_that("interrupted", nullptr, kThen + 5)};
  EXPECT_EQ(lost_retrainings(past, rules, kThen + 600).size(), 1U);
}

TEST(Fates, AJobThatMayWaitIsGivenUpAfterTheCooldown) {
  const PipelinePast past = past_of({begun_for("aa")});
  RetrainConfig rules;
  rules.cooldown = 5000;
  for (const auto& [action, command] :
       {std::pair{"submit", std::vector<std::string>{}}, std::pair{"run", std::vector<std::string>{"x"}}}) {
    rules.action = action;
    rules.command = command;
    EXPECT_TRUE(lost_retrainings(past, rules, kThen + 4999).empty());
    EXPECT_EQ(lost_retrainings(past, rules, kThen + 5000).size(), 1U);
  }
}

TEST(Waits, DoubleWithEachFailureUpToADay) {
  std::vector<BegunRetraining> begun;
  EXPECT_EQ(wait_after_failures(begun, kThen), "");
  for (const double wait :
       {600.0, 1200.0, 2400.0, 4800.0, 9600.0, 19200.0, 38400.0, 76800.0, 86400.0, 86400.0}) {
    begun.push_back(begun_for("aa"));
    begun.back().failed = true;
    EXPECT_NE(wait_after_failures(begun, kThen + wait - 1), "") << wait;
    EXPECT_EQ(wait_after_failures(begun, kThen + wait), "") << wait;
  }
  begun.push_back(begun_for("aa"));
  EXPECT_EQ(wait_after_failures(begun, kThen), "");
}

TEST(Rows, AreGuessedByTheBytesOfARow) {
  EXPECT_EQ(rows_in({{"a", 1000, ""}, {"b", 500, ""}}, {{}, 50}), 30);
  EXPECT_EQ(rows_in({{"a", 1000, ""}}, {}), 0);
}

TEST(Causes, AreTheSameForTheSameContents) {
  const RetrainCause cause = cause_of({{"/data/day=1/a.csv", 4, "aa"}, {"/data/b.csv", 5, "bb"}});
  EXPECT_EQ(cause.kind, "data");
  EXPECT_EQ(cause.text, "2 files: day=1/a.csv, b.csv");
  EXPECT_EQ(cause.id, cause_of({{"/data/b.csv", 5, "bb"}, {"/elsewhere/a.csv", 4, "aa"}}).id);
  EXPECT_NE(cause.id, cause_of({{"/data/b.csv", 5, "bb"}}).id);
  EXPECT_EQ(cause.details.at("files")[1].at("sha256"), "bb");
}

TEST(NamedFiles, AreAFew) {
  EXPECT_EQ(named_files({"/d/a.csv"}), "1 file: a.csv");
  EXPECT_EQ(named_files({"a", "b", "c", "d", "e"}), "5 files: a, b, c and 2 more");
}

}  // namespace
}  // namespace millrace
