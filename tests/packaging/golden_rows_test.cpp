#include <cmath>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "support/example_artifact.hpp"

namespace millrace {
namespace {

using testing_support::example_artifact;

Error failure_of(const Artifact& artifact) {
  try {
    check_golden_rows(artifact);
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::kDone, ""};
}

TEST(GoldenRows, PassForTheModelThatGaveThem) {
  for (const char* task : {"binary", "multiclass", "regression"}) {
    EXPECT_NO_THROW(check_golden_rows(example_artifact(task))) << task;
  }
}

TEST(GoldenRows, RoundingIsForgivenAndNoMore) {
  Artifact artifact = example_artifact();
  artifact.golden.predictions[1] += 5e-6F;
  EXPECT_NO_THROW(check_golden_rows(artifact));
  artifact.golden.predictions[1] += 1e-4F;
  const Error error = failure_of(artifact);
  EXPECT_EQ(error.code(), ExitCode::kGateNotPassed);
  EXPECT_NE(error.message().find("churn/7"), std::string::npos) << error.message();
  EXPECT_NE(error.message().find("row 2"), std::string::npos) << error.message();
}

TEST(GoldenRows, TheToleranceGrowsWithThePrediction) {
  Artifact artifact = example_artifact("regression");
  FeaturePlan plan = artifact.scorer.plan();
  plan.target.mean = 1e6;
  artifact.scorer = Scorer(plan, artifact.scorer.network());
  for (float& value : artifact.golden.predictions) value += 1e6F;
  EXPECT_NO_THROW(check_golden_rows(artifact));
  artifact.golden.predictions[0] += 100;
  EXPECT_EQ(failure_of(artifact).code(), ExitCode::kGateNotPassed);
}

TEST(GoldenRows, NotANumberNeverPasses) {
  Artifact artifact = example_artifact();
  artifact.golden.predictions[0] = std::nanf("");
  EXPECT_EQ(failure_of(artifact).code(), ExitCode::kGateNotPassed);
}

TEST(GoldenRows, RowsThatDoNotFitTheInputsAreTheArtifactsFault) {
  Artifact artifact = example_artifact();
  artifact.golden.rows[0]["agee"] = 5;
  EXPECT_EQ(failure_of(artifact).code(), ExitCode::kResource);
}

}  // namespace
}  // namespace millrace
