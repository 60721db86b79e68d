#include "evaluation/gate.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "evaluation/metrics.hpp"

namespace millrace {
namespace {

using Metrics = std::map<std::string, double>;

GateVerdict judged(const GateConfig& gate, const std::string& task, const Metrics& candidate,
                   const std::optional<Metrics>& champion = {}) {
  return judge(gate, task, candidate, champion);
}

TEST(Gate, WithoutOneEverythingPasses) {
  const auto verdict = judge({}, "binary", {}, Metrics{{"auc", 1}});
  EXPECT_TRUE(verdict.passed);
  EXPECT_FALSE(verdict.reason.empty());
}

TEST(Gate, ChoosesTheMetricByTask) {
  EXPECT_EQ(judged({}, "binary", {{"auc", 0.8}}).metric, "auc");
  EXPECT_EQ(judged({}, "multiclass", {{"accuracy", 0.8}}).metric, "accuracy");
  EXPECT_EQ(judged({}, "regression", {{"rmse", 3}}).metric, "rmse");
}

TEST(Gate, WithoutChampionTheLimitsDecide) {
  GateConfig gate;
  EXPECT_TRUE(judged(gate, "binary", {{"auc", 0.1}}).passed);
  gate.min = 0.8;
  EXPECT_TRUE(judged(gate, "binary", {{"auc", 0.8}}).passed);
  const auto verdict = judged(gate, "binary", {{"auc", 0.79}});
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.reason, "auc 0.79 is below the minimum of 0.8 (evaluation.gate.min)");
  gate = {};
  gate.max = 5;
  EXPECT_TRUE(judged(gate, "regression", {{"rmse", 5}}).passed);
  EXPECT_FALSE(judged(gate, "regression", {{"rmse", 5.1}}).passed);
}

TEST(Gate, ComparesInTheDirectionOfTheMetric) {
  const GateConfig gate;  // not worse by 0.002
  EXPECT_TRUE(judged(gate, "binary", {{"auc", 0.9}}, Metrics{{"auc", 0.8}}).passed);
  EXPECT_TRUE(judged(gate, "binary", {{"auc", 0.848}}, Metrics{{"auc", 0.85}}).passed)
      << "just as much as allowed";
  EXPECT_FALSE(judged(gate, "binary", {{"auc", 0.8479}}, Metrics{{"auc", 0.85}}).passed);
  EXPECT_TRUE(judged(gate, "regression", {{"rmse", 2}}, Metrics{{"rmse", 3}}).passed);
  EXPECT_FALSE(judged(gate, "regression", {{"rmse", 3}}, Metrics{{"rmse", 2}}).passed);
  GateConfig none_worse;
  none_worse.metric = "log_loss";
  none_worse.not_worse_by = 0;
  EXPECT_TRUE(judged(none_worse, "binary", {{"log_loss", 0.5}}, Metrics{{"log_loss", 0.5}}).passed);
  EXPECT_FALSE(judged(none_worse, "binary", {{"log_loss", 0.50001}}, Metrics{{"log_loss", 0.5}}).passed);
}

TEST(Gate, AllowsErrorsAShareOfTheChampions) {
  const GateConfig gate;  // 0.002 of 50,000 is 100
  EXPECT_TRUE(judged(gate, "regression", {{"rmse", 50100}}, Metrics{{"rmse", 50000}}).passed);
  EXPECT_FALSE(judged(gate, "regression", {{"rmse", 50101}}, Metrics{{"rmse", 50000}}).passed);
}

TEST(Gate, LimitsHoldBesideTheChampion) {
  GateConfig gate;
  gate.min = 0.8;
  EXPECT_FALSE(judged(gate, "binary", {{"auc", 0.7}}, Metrics{{"auc", 0.6}}).passed);
}

TEST(Gate, SaysWhatItComparedWithFigures) {
  const auto worse = judged({}, "binary", {{"auc", 0.83}}, Metrics{{"auc", 0.85}});
  EXPECT_EQ(worse.reason,
            "auc 0.83 is worse than the champion's 0.85 by 0.02, more than the 0.002 allowed "
            "(evaluation.gate.not_worse_by)");
  EXPECT_EQ(worse.champion, 0.85);
  EXPECT_EQ(judged({}, "binary", {{"auc", 0.86}}, Metrics{{"auc", 0.85}}).reason,
            "auc 0.86 is better than the champion's 0.85 by 0.01");
  EXPECT_EQ(judged({}, "binary", {{"auc", 0.86}}).reason, "auc 0.86; there is no champion to compare with");
}

TEST(Gate, AMetricThatIsNotDefinedDoesNotPass) {
  EXPECT_FALSE(judged({}, "binary", {{"rows", 5}}, Metrics{{"auc", 0.8}}).passed);
  EXPECT_FALSE(judged({}, "binary", {{"auc", std::nan("")}}).passed);
}

TEST(Gate, AMetricOfAnotherTaskIsAMistake) {
  GateConfig gate;
  gate.metric = "rmse";
  try {
    judged(gate, "binary", {{"auc", 0.8}});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("evaluation.gate.metric"), std::string::npos);
  }
}

TEST(Gate, VerdictsReadBackFromJson) {
  for (const auto& champion : {std::optional<Metrics>{}, std::optional<Metrics>{{{"auc", 0.1 + 0.2}}}}) {
    const auto verdict = judged({}, "binary", {{"auc", 1.0 / 3}}, champion);
    const auto back = parse_json(canonical_json(Json(verdict)), "test").get<GateVerdict>();
    EXPECT_EQ(back.passed, verdict.passed);
    EXPECT_EQ(back.metric, verdict.metric);
    EXPECT_EQ(back.candidate, verdict.candidate);
    EXPECT_EQ(back.champion, verdict.champion);
    EXPECT_EQ(back.reason, verdict.reason);
  }
}

TEST(LargerIsBetter, KnowsItsMetricsAndSuggests) {
  EXPECT_TRUE(larger_is_better("auc"));
  EXPECT_FALSE(larger_is_better("log_loss"));
  try {
    larger_is_better("logloss");
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kUsage);
    EXPECT_NE(error.message().find("did you mean 'log_loss'?"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace millrace
