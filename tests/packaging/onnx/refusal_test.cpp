#include <gtest/gtest.h>

#include "packaging/onnx/export.hpp"
#include "packaging/onnx/graph.hpp"
#include "packaging/onnx/plans.hpp"

namespace millrace {
namespace {

using testing_support::scorer_of;
using testing_support::spec_for;

// Why a model with this one step has no graph; empty where it has one.
std::string reason_for(FeatureStep step) {
  FeaturePlan plan;
  plan.steps.push_back(std::move(step));
  plan.target = testing_support::target_of("binary");
  const NetworkSpec spec = spec_for(plan);
  const OnnxModel model = export_onnx(scorer_of(std::move(plan), spec));
  EXPECT_EQ(model.bytes.empty(), !model.missing.empty());
  return model.missing;
}

std::string reason_for_level(ColumnType type, const std::string& level) {
  return reason_for({"x", type, Embedding{Vocabulary({level}), 2}});
}

TEST(OnnxRefusal, AnEmptyTextThatIsALevel) {
  EXPECT_EQ(reason_for_level(ColumnType::kText, ""),
            "the empty text is a level of the column 'x', but stands for a missing one in ONNX");
  EXPECT_EQ(reason_for_level(ColumnType::kText, " "), "");
}

TEST(OnnxRefusal, LevelsThatADoubleDoesNotTellApart) {
  EXPECT_EQ(reason_for_level(ColumnType::kInteger, "-9007199254740992"),
            "the level -9007199254740992 of the column 'x' is beyond the numbers that a double tells apart");
  EXPECT_EQ(reason_for_level(ColumnType::kInteger, "-9007199254740991"), "");
  EXPECT_NE(reason_for_level(ColumnType::decimal(18, 2), "10000000000000.01"), "");
  EXPECT_EQ(reason_for_level(ColumnType::decimal(18, 2), "10000000000000.00"), "");
  EXPECT_NE(reason_for_level(ColumnType::kTimestamp, "2255-06-06T00:00:00Z"), "");
  EXPECT_EQ(reason_for_level(ColumnType::kTimestamp, "2255-06-05T00:00:00Z"), "");
}

TEST(OnnxRefusal, LevelsThatAreNoValues) {
  EXPECT_EQ(reason_for_level(ColumnType::kReal, "inf"), "the level 'inf' of the column 'x' is no real");
}

TEST(OnnxRefusal, AColumnWithTheNameOfAnOutput) {
  EXPECT_EQ(reason_for({"score", ColumnType::kReal, NumericTransform{}}),
            "the input column 'score' has the name of an output");
  EXPECT_EQ(reason_for({"prediction", ColumnType::kReal, NumericTransform{}}), "");
}

TEST(OnnxRefusal, AColumnWithoutAName) {
  EXPECT_EQ(reason_for({"", ColumnType::kReal, NumericTransform{}}), "an input column has no name");
}

TEST(OnnxRefusal, MoreThanProtocolBuffersHold) {
  OnnxGraph graph;
  graph.constant("thousand", std::span<const float>(std::vector<float>(1000)), {1000});
  const std::size_t size = graph.bytes().size();
  EXPECT_EQ(graph.bytes(size).size(), size);
  try {
    (void)graph.bytes(size - 1);
    ADD_FAILURE();
  } catch (const Refusal& refusal) {
    EXPECT_EQ(std::string(refusal.what()).substr(0, 21), "the model would have ");
  }
}

}  // namespace
}  // namespace millrace
