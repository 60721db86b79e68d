#include "deployment/abtest.hpp"

#include <cmath>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

class AbTest : public testing::Test {
 protected:
  void log(const std::vector<Json>& answers) {
    std::string text;
    for (const Json& answer : answers) text += answer.dump() + "\n";
    publish_file(folder_ / "deploy/churn/requests/a.jsonl", text);
  }
  static Json answer(const std::string& id, std::uint64_t version, double prediction, int row = 0) {
    return {{"time", kTime},    {"id", id},           {"row", row},
            {"model", "churn"}, {"version", version}, {"prediction", prediction}};
  }
  std::map<std::uint64_t, LabelledAnswers> join(const Labels& labels, const TargetPlan& target) {
    return labelled_answers(folder_.path(), "churn", labels, target);
  }
  static constexpr const char* kTime = "2026-11-27T10:00:00Z";
  static TargetPlan binary() { return {"churn", ColumnType::kText, "binary", {"No", "Yes"}}; }

  testing_support::TemporaryFolder folder_;
};

TEST_F(AbTest, AnswersMeetTheirLabelsByRequestAndRow) {
  log({answer("a", 7, 0.1), answer("b", 8, 0.9), answer("c", 8, 0.2), answer("c", 8, 0.3, 1),
       answer("d", 7, 0.5)});
  const auto arms = join({{{"a", 0}, "No"}, {{"b", 0}, "Yes"}, {{"c", 1}, "1"}, {{"z", 0}, "Yes"}}, binary());
  ASSERT_EQ(arms.size(), 2U);
  EXPECT_EQ(arms.at(7).predictions, std::vector<float>{0.1F});
  EXPECT_EQ(arms.at(7).targets, std::vector<float>{0});
  EXPECT_EQ(arms.at(8).predictions, (std::vector<float>{0.9F, 0.3F}));
  EXPECT_EQ(arms.at(8).targets, (std::vector<float>{1, 1}));
}

TEST_F(AbTest, OnlyAnswersOfTheWindowCount) {
  Json early = answer("b", 7, 0.9);
  early["time"] = "2026-11-26T10:00:00Z";
  log({answer("a", 7, 0.1), early});
  const Labels labels{{{"a", 0}, "No"}, {{"b", 0}, "Yes"}};
  const double midnight = parse_rfc3339("2026-11-27T00:00:00Z");
  const auto count = [&](const TimeWindow& window) {
    return labelled_answers(folder_.path(), "churn", labels, binary(), window)[7].targets.size();
  };
  EXPECT_EQ(count({}), 2U);
  EXPECT_EQ(count({.from = midnight}), 1U);
  EXPECT_EQ(count({.until = midnight}), 1U);
  EXPECT_EQ(count({midnight, midnight}), 0U);
}

TEST_F(AbTest, ARequestThatWasRepeatedCountsOnce) {
  log({answer("a", 7, 0.1), answer("a", 8, 0.6)});
  const auto arms = join({{{"a", 0}, "Yes"}}, binary());
  ASSERT_EQ(arms.size(), 1U);
  EXPECT_EQ(arms.at(8).predictions, std::vector<float>{0.6F});
}

TEST_F(AbTest, ClassesAreWhatWasAnswered) {
  Json one = answer("a", 7, 0);
  one.erase("prediction");
  one["class"] = "c";
  log({one});
  const auto arms = join({{{"a", 0}, "b"}}, {"kind", ColumnType::kText, "multiclass", {"a", "b", "c"}});
  EXPECT_EQ(arms.at(7).predictions, (std::vector<float>{0, 0, 1}));
  EXPECT_EQ(arms.at(7).targets, std::vector<float>{1});
}

TEST_F(AbTest, LabelsThatTheTargetDoesNotHaveAreRefused) {
  log({answer("a", 7, 0.1)});
  EXPECT_THROW((void)join({{{"a", 0}, "Maybe"}}, binary()), Error);
  EXPECT_THROW((void)join({{{"a", 0}, "much"}}, {"price", ColumnType::kReal, "regression", {}}), Error);
  EXPECT_EQ(join({{{"a", 0}, "1e3"}}, {"price", ColumnType::kReal, "regression", {}}).at(7).targets[0], 1000);
}

// Two arms of known accuracies: the interval of their difference holds the true one in about 95 of 100 draws.
TEST(DifferenceBetween, CoversTheTruth) {
  std::mt19937_64 random(1);
  const auto arm = [&](double accuracy, int rows) {
    const double value = std::binomial_distribution<int>(rows, accuracy)(random) / static_cast<double>(rows);
    const double half = 1.96 * std::sqrt(value * (1 - value) / rows);
    return Estimate{value, value - half, value + half};
  };
  int covered = 0;
  constexpr int kDraws = 1000;
  for (int draw = 0; draw < kDraws; ++draw) {
    const Estimate difference = difference_between(arm(0.8, 400), arm(0.85, 3600));
    covered += difference.low <= -0.05 && difference.high >= -0.05 ? 1 : 0;
  }
  EXPECT_NEAR(covered, 0.95 * kDraws, 35);  // 5 deviations
}

TEST(JudgeDifference, WorseNeedsMoreThanTheMarginAndMoreThanChance) {
  EXPECT_TRUE(judge_difference({-0.05, -0.08, -0.02}, 0.02, true).worse);
  EXPECT_FALSE(judge_difference({-0.05, -0.12, 0.02}, 0.02, true).worse);
  EXPECT_FALSE(judge_difference({-0.01, -0.015, -0.005}, 0.02, true).worse);
  EXPECT_FALSE(judge_difference({0.05, 0.02, 0.08}, 0.02, true).worse);
  EXPECT_TRUE(judge_difference({0.05, 0.02, 0.08}, 0.02, false).worse);  // an error that has grown
  EXPECT_FALSE(judge_difference({-0.05, -0.08, -0.02}, 0.02, false).worse);
}

}  // namespace
}  // namespace millrace
