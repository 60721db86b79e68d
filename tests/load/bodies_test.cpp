#include "load/bodies.hpp"

#include <gtest/gtest.h>

#include "support/topics.hpp"

namespace millrace::load {
namespace {

const std::vector<ModelInput> kInputs{{"age", "INT64"}, {"contract", "BYTES"}};
const std::vector<Json> kRows{{{"age", 3}, {"contract", "one \"year\""}}, {{"age", nullptr}}};

TEST(Bodies, RowsStayAsTheyAreForPredict) {
  EXPECT_EQ(Json::parse(request_body(Protocol::kPredict, kRows, {})), Json({{"rows", kRows}}));
}

TEST(Bodies, InferHasATensorForEachInput) {
  const Json body = Json::parse(request_body(Protocol::kInfer, kRows, kInputs));
  EXPECT_EQ(body, Json::parse(R"({"inputs": [
    {"name": "age", "datatype": "INT64", "shape": [2], "data": [3, null]},
    {"name": "contract", "datatype": "BYTES", "shape": [2], "data": ["one \"year\"", null]}]})"));
}

TEST(Bodies, AColumnThatIsNoInputIsNamed) {
  const std::vector<Json> rows{{{"agee", 3}}};
  try {
    (void)request_body(Protocol::kInfer, rows, kInputs);
    ADD_FAILURE();
  } catch (const Error& error) {
    EXPECT_EQ(error.topic(), Topic::kUnknownColumn);
    EXPECT_EQ(error.message(), "the model has no input 'agee' (did you mean 'age'?)");
  }
}

TEST(Bodies, InputsAreThoseOfTheMetadata) {
  const auto inputs = inputs_of(R"({"inputs": [{"name": "age", "datatype": "INT64", "shape": [-1]}]})");
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_EQ(inputs[0].name, "age");
  EXPECT_EQ(inputs[0].datatype, "INT64");
  for (const char* other : {"", "{}", R"({"inputs": [{"name": "age"}]})"})
    EXPECT_THROW((void)inputs_of(other), Error) << other;
}

TEST(Bodies, ProtocolsHaveNamesAndPaths) {
  EXPECT_EQ(target_of("churn", parse_protocol("predict")), "/v2/models/churn/predict");
  EXPECT_EQ(target_of("churn", parse_protocol("infer")), "/v2/models/churn/infer");
  EXPECT_THROW(parse_protocol("grpc"), Error);
}

}  // namespace
}  // namespace millrace::load
