#include <map>

#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::TinyService;
using testing_support::two_rows;

Json body_of(const HttpResponse& answer) {
  return Json::parse(answer.body);
}

TEST(Service, SaysThatItLives) {
  const TinyService service;
  EXPECT_EQ(body_of(service.get("/v2/health/live")), Json({{"live", true}}));
  EXPECT_EQ(body_of(service.get("/v2/health/ready")), Json({{"ready", true}}));
  EXPECT_EQ(body_of(service.get("/v2/models/churn/ready")), Json({{"name", "churn"}, {"ready", true}}));
  EXPECT_EQ(body_of(service.get("/v2/")).at("name"), "millrace");
}

TEST(Service, DescribesItsModel) {
  const TinyService service;
  const Json json = body_of(service.get("/v2/models/churn"));
  EXPECT_EQ(json.at("name"), "churn");
  EXPECT_EQ(json.at("versions"), Json::array({"7"}));
  EXPECT_EQ(json.at("platform"), "millrace_mlp");
  std::map<std::string, std::string> inputs;
  for (const Json& input : json.at("inputs")) {
    inputs[input.at("name")] = input.at("datatype");
    EXPECT_EQ(input.at("shape"), Json::array({-1}));
  }
  const std::map<std::string, std::string> expected{{"tenure", "INT64"}, {"charges", "FP64"},
                                                    {"senior", "BOOL"},  {"contract", "BYTES"},
                                                    {"signup", "BYTES"}, {"seen", "BYTES"}};
  EXPECT_EQ(inputs, expected);
  EXPECT_EQ(
      json.at("outputs")[0],
      Json::parse(R"({"name":"probability","datatype":"FP32","shape":[-1],"parameters":{"class":"Yes"}})"));
}

TEST(Service, DescribesMulticlassOutputs) {
  const TinyService service(Task::kMulticlass);
  const Json outputs = body_of(service.get("/v2/models/churn/versions/7")).at("outputs");
  EXPECT_EQ(outputs[0].at("shape"), Json({-1, 3}));
  EXPECT_EQ(outputs[0].at("parameters").at("classes").size(), 3U);
  EXPECT_EQ(outputs[1], Json::parse(R"({"name":"class","datatype":"BYTES","shape":[-1]})"));
}

TEST(Service, AnswersToTheEndpointsNameToo) {
  const TinyService service;
  const HttpResponse answer = service.post("/v2/models/front/versions/7/infer", two_rows().dump());
  EXPECT_EQ(body_of(answer).at("model_name"), "front");
}

TEST(Service, OtherModelsAndVersionsAreNotThere) {
  const TinyService service;
  for (const char* target :
       {"/v2/models/chrun", "/v2/models/churn/versions/8", "/v2/models/churn/versions/07/ready"}) {
    EXPECT_EQ(service.get(target).status, 404) << target;
  }
  EXPECT_EQ(body_of(service.get("/v2/models/churn/versions/8")).at("error"),
            "'churn version 8' is not served here; there is churn version 7, front version 7");
}

TEST(Service, UnknownRoutesListWhatThereIs) {
  const TinyService service;
  const HttpResponse answer = service.get("/v1/predict");
  EXPECT_EQ(answer.status, 404);
  const auto error = body_of(answer).at("error").get<std::string>();
  EXPECT_EQ(error.find("there is no '/v1/predict'; there is GET /v2"), 0U);
  EXPECT_NE(error.find("/infer"), std::string::npos);
}

TEST(Service, WrongMethodsAreToldTheRightOne) {
  const TinyService service;
  const HttpResponse get = service.get("/v2/models/churn/infer");
  EXPECT_EQ(get.status, 405);
  EXPECT_EQ(get.headers.at(0), (std::pair<std::string, std::string>{"Allow", "POST"}));
  const HttpResponse post = service.post("/metrics", "");
  EXPECT_EQ(post.status, 405);
  EXPECT_EQ(post.headers.at(0).second, "GET, HEAD");
}

}  // namespace
}  // namespace millrace
