#include "load/bodies.hpp"

#include <gtest/gtest.h>

#include "net/running_server.hpp"
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

TEST(Bodies, InputsAreWhatTheServerSays) {
  const testing_support::RunningServer server([](const HttpRequest& request) -> HttpResponse {
    if (request.target != "/v2/models/churn") return error_response(404, "no such model");
    return {.body = R"({"inputs": [{"name": "age", "datatype": "INT64", "shape": [-1]}]})"};
  });
  const std::string address = "127.0.0.1:" + std::to_string(server.port());
  const auto inputs = fetch_inputs(address, "churn", 5);
  ASSERT_EQ(inputs.size(), 1U);
  EXPECT_EQ(inputs[0].name, "age");
  EXPECT_EQ(inputs[0].datatype, "INT64");
  EXPECT_THROW((void)fetch_inputs(address, "chrun", 5), Error);
}

TEST(Bodies, ProtocolsHaveNamesAndPaths) {
  EXPECT_EQ(target_of("churn", parse_protocol("predict")), "/v2/models/churn/predict");
  EXPECT_EQ(target_of("churn", parse_protocol("infer")), "/v2/models/churn/infer");
  EXPECT_THROW(parse_protocol("grpc"), Error);
}

}  // namespace
}  // namespace millrace::load
