#include <algorithm>

#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::TinyService;
using testing_support::two_rows;

std::vector<float> numbers(const Json& output) {
  return output.at("data").get<std::vector<float>>();
}

std::vector<float> first_two(const TinyService& service) {
  const auto& golden = service.artifact.golden.predictions;
  return {golden.begin(),
          golden.begin() + static_cast<std::ptrdiff_t>(2 * service.artifact.scorer.outputs())};
}

TEST(Infer, AnswersWithTheScorersOwnFloats) {
  const TinyService service;
  const Json answer = service.infer(two_rows().dump());
  EXPECT_EQ(answer.at("model_name"), "churn");
  EXPECT_EQ(answer.at("model_version"), "7");
  EXPECT_EQ(answer.at("id"), "q-1");
  ASSERT_EQ(answer.at("outputs").size(), 1U);
  const Json& output = answer.at("outputs")[0];
  EXPECT_EQ(output.at("name"), "probability");
  EXPECT_EQ(output.at("datatype"), "FP32");
  EXPECT_EQ(output.at("shape"), Json::array({2}));
  EXPECT_EQ(numbers(output), first_two(service));
}

TEST(Infer, MulticlassGivesProbabilitiesAndTheLikeliestClass) {
  const TinyService service(Task::kMulticlass);
  const Json outputs = service.infer(two_rows().dump()).at("outputs");
  ASSERT_EQ(outputs.size(), 2U);
  EXPECT_EQ(outputs[0].at("name"), "probabilities");
  EXPECT_EQ(outputs[0].at("shape"), Json({2, 3}));
  const std::vector<float> values = numbers(outputs[0]);
  EXPECT_EQ(values, first_two(service));
  EXPECT_EQ(outputs[1].at("name"), "class");
  EXPECT_EQ(outputs[1].at("datatype"), "BYTES");
  EXPECT_EQ(outputs[1].at("shape"), Json::array({2}));
  for (int row = 0; row < 2; ++row) {
    const auto begin = values.begin() + 3 * row;
    const auto best = std::max_element(begin, begin + 3) - begin;
    const auto& classes = service.artifact.scorer.plan().target.classes;
    EXPECT_EQ(outputs[1].at("data")[row], classes[static_cast<std::size_t>(best)]);
  }
}

TEST(Infer, RegressionGivesValues) {
  const TinyService service(Task::kRegression);
  const Json output = service.infer(two_rows().dump()).at("outputs")[0];
  EXPECT_EQ(output.at("name"), "value");
  EXPECT_EQ(numbers(output), first_two(service));
}

TEST(Infer, TheOrderOfInputsAndTheFormOfDataDoNotMatter) {
  const TinyService service;
  Json request =
      two_rows({{"name", "tenure"}, {"shape", {2, 1}}, {"data", {{5}, {61}}}, {"datatype", "FP32"}});
  std::reverse(request["inputs"].begin(), request["inputs"].end());
  EXPECT_EQ(numbers(service.infer(request.dump()).at("outputs")[0]), first_two(service));
  const Json flat = two_rows({{"name", "tenure"}, {"shape", {2, 1}}, {"data", {5.0, 61.0}}});
  EXPECT_EQ(numbers(service.infer(flat.dump()).at("outputs")[0]), first_two(service));
}

TEST(Infer, NullIsAMissingValue) {
  const TinyService service;
  Json request = two_rows();
  for (Json& input : request["inputs"]) {
    input["shape"] = {1};
    input["data"] = {nullptr};
  }
  EXPECT_EQ(numbers(service.infer(request.dump()).at("outputs")[0])[0],
            service.artifact.golden.predictions[2]);
}

TEST(Infer, ARowDoesNotDependOnItsCompany) {
  const TinyService service;
  Json request = two_rows();
  for (Json& input : request["inputs"]) {
    const Json second = input["data"][1];
    input["shape"] = {1000};
    input["data"] = std::vector<Json>(1000, second);
  }
  const auto values = numbers(service.infer(request.dump()).at("outputs")[0]);
  EXPECT_EQ(values, std::vector<float>(1000, first_two(service)[1]));
}

TEST(Infer, NoRowsGiveNoPredictions) {
  const TinyService service;
  Json request = two_rows();
  for (Json& input : request["inputs"]) {
    input["shape"] = {0};
    input["data"] = Json::array();
  }
  const Json output = service.infer(request.dump()).at("outputs")[0];
  EXPECT_EQ(output.at("shape"), Json::array({0}));
  EXPECT_EQ(output.at("data"), Json::array());
}

TEST(Infer, GivesTheOutputsAskedForInTheirOrder) {
  const TinyService service(Task::kMulticlass);
  Json request = two_rows();
  request["outputs"] = {{{"name", "class"}}};
  EXPECT_EQ(service.infer(request.dump()).at("outputs").size(), 1U);
  request["outputs"] = {{{"name", "class"}}, {{"name", "probabilities"}}};
  EXPECT_EQ(service.infer(request.dump()).at("outputs")[1].at("name"), "probabilities");
  request["outputs"] = Json::array();
  EXPECT_EQ(service.infer(request.dump()).at("outputs").size(), 2U);
}

TEST(Infer, AnIdIsEchoedWhateverItHolds) {
  const TinyService service;
  Json request = two_rows();
  request["id"] = "a \"b\" \\ \n \x01 ü";
  EXPECT_EQ(service.infer(request.dump()).at("id"), request["id"]);
  request.erase("id");
  EXPECT_FALSE(service.infer(request.dump()).contains("id"));
}

TEST(Infer, UnknownLevelsAreTaken) {
  const TinyService service;
  const Json request = two_rows({{"name", "contract"}, {"data", {"Three year", ""}}});
  EXPECT_EQ(service.infer(request.dump()).at("outputs")[0].at("data").size(), 2U);
}

}  // namespace
}  // namespace millrace
