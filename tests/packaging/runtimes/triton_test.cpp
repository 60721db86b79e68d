// Triton's repository. tests/interoperability/runtimes.py reads config.pbtxt with Triton's own definition.
#include <onnx/onnx_pb.h>

#include "packaging/runtimes/example_source.hpp"

namespace millrace {
namespace {

using testing_support::complaint;
using testing_support::contains;
using testing_support::example_source;
using testing_support::paths_of;

// The example with its first input renamed.
ExportSource source_with_input(const std::string& name) {
  ExportSource source = example_source();
  onnx::ModelProto model;
  EXPECT_TRUE(model.ParseFromString(source.onnx));
  model.mutable_graph()->mutable_input(0)->set_name(name);
  source.onnx = model.SerializeAsString();
  return source;
}

TEST(Triton, TheRepositoryHasConfigurationLabelsAndModel) {
  const ExportSource source = example_source("multiclass");
  const ExportedFiles files = triton_repository(source);
  EXPECT_EQ(paths_of(files),
            (std::vector<std::string>{"churn/config.pbtxt", "churn/labels.txt", "churn/7/model.onnx"}));
  EXPECT_EQ(files[1].bytes, "a\nb\nc\n");
  EXPECT_TRUE(files[2].bytes == source.onnx);
}

TEST(Triton, TensorsAreThoseOfTheGraph) {
  const std::string text = triton_repository(example_source())[0].bytes;
  EXPECT_TRUE(contains(text, "    name: \"age\"\n    data_type: TYPE_FP64\n    dims: [ 1 ]\n")) << text;
  EXPECT_TRUE(contains(text, "    name: \"contract\"\n    data_type: TYPE_STRING\n    dims: [ 1 ]\n"));
  EXPECT_TRUE(contains(text,
                       "    name: \"probability\"\n    data_type: TYPE_FP32\n    dims: [ 1 ]\n"
                       "    label_filename: \"labels.txt\"\n"));
}

TEST(Triton, ARegressionHasNoLabels) {
  EXPECT_EQ(paths_of(triton_repository(example_source("regression"))),
            (std::vector<std::string>{"churn/config.pbtxt", "churn/7/model.onnx"}));
}

TEST(Triton, AClassWithALineEndLeavesLabelsOut) {
  ExportSource source = example_source();
  source.classes[1] = "two\nlines";
  const ExportedFiles files = triton_repository(source);
  EXPECT_EQ(files.size(), 2U);
  EXPECT_FALSE(contains(files[0].bytes, "label_filename"));
}

TEST(Triton, NamesAreWrittenSoThatTheyStayAsTheyAre) {
  const std::string text = triton_repository(source_with_input("a \"b\" \\ \n\x01 é"))[0].bytes;
  EXPECT_TRUE(contains(text, R"(name: "a \"b\" \\ \012\001 é")")) << text;
}

TEST(Triton, RefusesWhatTheBackEndCannotHold) {
  using namespace std::string_literals;
  EXPECT_NE(complaint([] { triton_repository(source_with_input("a\0b"s)); }).find("has a NUL"),
            std::string::npos);
  EXPECT_NE(complaint([] { triton_repository(source_with_input("")); }).find("no name"), std::string::npos);
}

TEST(Triton, WithoutAModelInOnnxTheReasonIsTheManifests) {
  ExportSource source = example_source();
  source.onnx.clear();
  source.without_onnx = "a level is the empty text";
  EXPECT_EQ(
      complaint([&] { triton_repository(source); }),
      "churn/7 cannot be exported for Triton: its artifact has no model.onnx: a level is the empty text");
}

}  // namespace
}  // namespace millrace
