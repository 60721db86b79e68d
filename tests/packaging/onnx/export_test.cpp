#include "packaging/onnx/export.hpp"

#include <map>
#include <set>

#include <gtest/gtest.h>
#include <onnx/checker.h>
#include <onnx/shape_inference/implementation.h>

#include "packaging/onnx/plans.hpp"

namespace millrace {
namespace {

using testing_support::plan_of_everything;
using testing_support::scorer_of;
using testing_support::spec_for;

onnx::ModelProto parsed(const OnnxModel& model) {
  EXPECT_EQ(model.missing, "");
  onnx::ModelProto proto;
  EXPECT_TRUE(proto.ParseFromString(model.bytes));
  return proto;
}

onnx::ModelProto model_of(const std::string& task) {
  FeaturePlan plan = plan_of_everything(task);
  const NetworkSpec spec = spec_for(plan);
  return parsed(export_onnx(scorer_of(std::move(plan), spec)));
}

// ONNX's own checker, and its inference of types and shapes, which stops where an operator gets what it does
// not take.
void expect_valid(onnx::ModelProto model) {
  EXPECT_NO_THROW(onnx::checker::check_model(model));
  onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(),
                                     onnx::ShapeInferenceOptions{true, 1, false});
}

// name → "type [N, columns]"
std::map<std::string, std::string> described(
    const google::protobuf::RepeatedPtrField<onnx::ValueInfoProto>& values) {
  std::map<std::string, std::string> result;
  for (const onnx::ValueInfoProto& value : values) {
    const auto& tensor = value.type().tensor_type();
    EXPECT_EQ(tensor.shape().dim_size(), 2);
    result[value.name()] = fmt::format("{} [{}, {}]", onnx::TensorProto::DataType_Name(tensor.elem_type()),
                                       tensor.shape().dim(0).dim_param(), tensor.shape().dim(1).dim_value());
  }
  return result;
}

TEST(OnnxExport, EveryKindOfModelPassesOnnxsChecker) {
  for (const char* task : {"binary", "multiclass", "regression"}) {
    for (const Activation activation : {Activation::kRelu, Activation::kGelu, Activation::kTanh}) {
      for (const std::vector<std::uint32_t>& hidden : {std::vector<std::uint32_t>{}, {8}, {17, 1}}) {
        FeaturePlan plan = plan_of_everything(task);
        NetworkSpec spec = spec_for(plan);
        spec.activation = activation;
        spec.hidden = hidden;
        spec.skip = hidden.size() == 1;
        SCOPED_TRACE(Json(spec).dump());
        EXPECT_NO_THROW(expect_valid(parsed(export_onnx(scorer_of(std::move(plan), spec)))));
      }
    }
  }
}

TEST(OnnxExport, TheCheckerFindsWhatIsWrong) {
  onnx::ModelProto model = model_of("binary");
  for (auto& node : *model.mutable_graph()->mutable_node()) {
    if (node.op_type() == "Sigmoid") node.set_op_type("StringNormalizer");
  }
  EXPECT_ANY_THROW(
      onnx::shape_inference::InferShapes(model, onnx::OpSchemaRegistry::Instance(), {true, 1, false}));
}

TEST(OnnxExport, EachColumnIsAnInputThatSaysHowItIsWritten) {
  const onnx::ModelProto model = model_of("binary");
  EXPECT_EQ(described(model.graph().input()),
            (std::map<std::string, std::string>{{"a boolean", "DOUBLE [N, 1]"},
                                                {"a integer", "DOUBLE [N, 1]"},
                                                {"a real", "DOUBLE [N, 1]"},
                                                {"a decimal(6,2)", "DOUBLE [N, 1]"},
                                                {"a date", "DOUBLE [N, 1]"},
                                                {"a timestamp", "DOUBLE [N, 1]"},
                                                {"a text", "STRING [N, 1]"}}));
  std::set<std::string> words;
  for (const auto& input : model.graph().input()) words.insert(input.doc_string());
  EXPECT_EQ(words.size(), 7U);
  EXPECT_TRUE(words.contains("date: days since 1970-01-01; NaN: missing"));
  EXPECT_TRUE(words.contains("text; \"\": missing"));
}

TEST(OnnxExport, EachTaskHasItsOutputs) {
  using Described = std::map<std::string, std::string>;
  EXPECT_EQ(described(model_of("binary").graph().output()),
            (Described{{"probability", "FLOAT [N, 1]"}, {"score", "FLOAT [N, 1]"}}));
  EXPECT_EQ(described(model_of("multiclass").graph().output()),
            (Described{{"probabilities", "FLOAT [N, 3]"}, {"label", "STRING [N, 1]"}}));
  EXPECT_EQ(described(model_of("regression").graph().output()), (Described{{"prediction", "FLOAT [N, 1]"}}));
}

TEST(OnnxExport, TheModelSaysWhatItIs) {
  const onnx::ModelProto model = model_of("multiclass");
  EXPECT_EQ(model.producer_name(), "millrace");
  std::map<std::string, std::string> said;
  for (const auto& entry : model.metadata_props()) said[entry.key()] = entry.value();
  EXPECT_EQ(said["task"], "multiclass");
  EXPECT_EQ(said["target"], "outcome");
  EXPECT_EQ(Json::parse(said["classes"]), (Json{"a", "b", "c"}));
  EXPECT_EQ(Json::parse(said["inputs"]), Json(plan_of_everything("multiclass").input_schema()));
}

TEST(OnnxExport, OnlyOldOperatorsOfTheStandard) {
  const onnx::ModelProto model = model_of("regression");
  std::map<std::string, std::int64_t> versions;
  for (const auto& set : model.opset_import()) versions[set.domain()] = set.version();
  EXPECT_EQ(versions, (std::map<std::string, std::int64_t>{{"", 13}, {"ai.onnx.ml", 2}}));
  for (const auto& node : model.graph().node()) {
    EXPECT_EQ(node.domain(), node.op_type() == "LabelEncoder" ? "ai.onnx.ml" : "") << node.op_type();
  }
}

TEST(OnnxExport, EqualScorersGiveEqualBytes) {
  const auto bytes = [](std::uint64_t seed) {
    FeaturePlan plan = plan_of_everything("binary");
    const NetworkSpec spec = spec_for(plan);
    return export_onnx(scorer_of(std::move(plan), spec, seed)).bytes;
  };
  EXPECT_EQ(bytes(1), bytes(1));
  EXPECT_NE(bytes(1), bytes(2));
}

TEST(OnnxExport, ColumnsMayHaveTheNamesOfWhatIsInside) {
  FeaturePlan plan;
  for (const char* name : {"age", "age/scaled", "age/mean'", "age/mean", "network/input"}) {
    plan.steps.push_back({name, ColumnType::kReal, NumericTransform{}});
  }
  plan.target = testing_support::target_of("binary");
  const NetworkSpec spec = spec_for(plan);
  const onnx::ModelProto model = parsed(export_onnx(scorer_of(std::move(plan), spec)));
  EXPECT_NO_THROW(expect_valid(model));
  EXPECT_TRUE(described(model.graph().input()).contains("age/mean'"));
}

}  // namespace
}  // namespace millrace
