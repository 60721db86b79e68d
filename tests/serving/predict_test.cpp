#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::golden_rows;
using testing_support::refusal_of;
using testing_support::TinyService;

TEST(Predict, BinaryGivesProbabilityAndClass) {
  const TinyService service;
  const Json answer = service.predict_rows(Json{{"rows", golden_rows()}}.dump());
  EXPECT_EQ(answer.at("model"), "churn");
  EXPECT_EQ(answer.at("version"), "7");
  ASSERT_EQ(answer.at("predictions").size(), 3U);
  for (std::size_t row = 0; row < 3; ++row) {
    const Json& prediction = answer.at("predictions")[row];
    const float expected = service.artifact.golden.predictions[row];
    EXPECT_EQ(prediction.at("probability").get<float>(), expected);
    EXPECT_EQ(prediction.at("class"), expected >= 0.5F ? "Yes" : "No");
  }
}

TEST(Predict, MulticlassNamesTheClasses) {
  const TinyService service(Task::kMulticlass);
  const Json prediction = service.predict_rows(golden_rows().dump()).at("predictions")[1];
  const Json& probabilities = prediction.at("probabilities");
  ASSERT_EQ(probabilities.size(), 3U);
  EXPECT_EQ(probabilities.at("mid \"quoted\"").get<float>(), service.artifact.golden.predictions[4]);
  for (const auto& [name, value] : probabilities.items()) {
    EXPECT_LE(value.get<float>(), probabilities.at(prediction.at("class").get<std::string>()).get<float>())
        << name;
  }
}

TEST(Predict, RegressionGivesAValue) {
  const TinyService service(Task::kRegression);
  const Json prediction = service.predict_rows(golden_rows().dump()).at("predictions")[2];
  EXPECT_EQ(prediction.size(), 1U);
  EXPECT_EQ(prediction.at("value").get<float>(), service.artifact.golden.predictions[2]);
}

TEST(Predict, TakesAListAndASingleRowToo) {
  const TinyService service;
  const Json whole = service.predict_rows(Json{{"rows", golden_rows()}}.dump());
  EXPECT_EQ(service.predict_rows(golden_rows().dump()), whole);
  const Json one = service.predict_rows(golden_rows()[1].dump());
  ASSERT_EQ(one.at("predictions").size(), 1U);
  EXPECT_EQ(one.at("predictions")[0], whole.at("predictions")[1]);
  EXPECT_EQ(service.predict_rows("[]").at("predictions"), Json::array());
}

TEST(Predict, AbsentKeysAreMissingValues) {
  const TinyService service;
  const Json predictions =
      service.predict_rows(R"([{}, {"tenure": null, "contract": null}])").at("predictions");
  EXPECT_EQ(predictions[0], predictions[1]);
  EXPECT_EQ(predictions[0].at("probability").get<float>(), service.artifact.golden.predictions[2]);
}

TEST(Predict, RefusesWhatItCannotRead) {
  const TinyService service;
  const auto refusal = [&](const std::string& body) {
    return refusal_of(service, "/v2/models/churn/predict", body);
  };
  EXPECT_NE(refusal("nonsense").find("no JSON"), std::string::npos);
  EXPECT_NE(refusal("").find("no JSON"), std::string::npos);
  EXPECT_EQ(refusal("3").find("the request's body must be"), 0U);
  EXPECT_NE(refusal("[3]"), "");
  EXPECT_NE(refusal(R"({"tenur": 5})").find("did you mean 'tenure'?"), std::string::npos);
  EXPECT_NE(refusal(R"([{}, {"tenure": "many"}])").find("tenure"), std::string::npos);
  EXPECT_NE(refusal(R"([{"contract": 3}])").find("contract"), std::string::npos);
  EXPECT_NE(refusal(Json(std::vector<Json>(65537, Json::object())).dump()).find("65,537 rows"),
            std::string::npos);
}

}  // namespace
}  // namespace millrace
