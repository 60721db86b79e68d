// Two versions at one endpoint: who answers, what happens where the new one fails, and what is counted.
#include <set>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::tiny_artifact;
using testing_support::TinyService;
using testing_support::two_rows;

class Canary : public ::testing::Test {
 protected:
  void publish(const Artifact& candidate, CandidateMode mode, double percent) {
    service_.place.publish({.endpoint = "front",
                            .generation = 0,
                            .current = service_.place.deployed(service_.artifact),
                            .previous = {},
                            .candidate = Candidate{service_.place.deployed(candidate), mode, percent}});
    service_.look();
  }
  [[nodiscard]] std::string version_for(const std::string& key) const {
    const HttpHeader header{"X-Route-Key", key};
    return Json::parse(service_.post("/v2/models/front/infer", two_rows().dump(), {&header, 1}).body)
        .at("model_version");
  }
  // Of a hundred keys, those that the candidate answers.
  [[nodiscard]] std::set<int> taken() const {
    std::set<int> keys;
    for (int key = 0; key < 100; ++key) {
      if (version_for("customer " + std::to_string(key)) == "8") keys.insert(key);
    }
    return keys;
  }
  [[nodiscard]] Json arms() const { return Json::parse(service_.get("/v2/models/front/arms").body); }
  [[nodiscard]] Json arm(const std::string& name) const {
    const Json all = arms();
    for (const Json& entry : all.at("arms")) {
      if (entry.at("arm") == name) return entry;
    }
    return nullptr;
  }

  TinyService service_;
};

TEST_F(Canary, GetsItsShareAndKeepsItAsTheShareGrows) {
  std::set<int> before;
  for (const double percent : {0.0, 10.0, 50.0, 100.0}) {
    publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kCanary, percent);
    const std::set<int> now = taken();
    EXPECT_TRUE(std::ranges::includes(now, before)) << percent;
    EXPECT_NEAR(static_cast<double>(now.size()), percent, 12) << percent;  // 2.4 deviations at 50
    EXPECT_EQ(taken(), now);
    before = now;
  }
  EXPECT_EQ(before.size(), 100U);
}

// Whoever has the key can tell afterwards which version answered.
TEST_F(Canary, IsDecidedByTheKeyAlone) {
  publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kCanary, 30);
  const Candidate candidate{{}, CandidateMode::kCanary, 30};
  for (int i = 0; i < 50; ++i) {
    const std::string key = "key " + std::to_string(i);
    const std::string expected = takes_candidate(candidate, route_bucket(key)) ? "8" : "7";
    EXPECT_EQ(version_for(key), expected);
    Json request = two_rows();
    request["parameters"]["route_key"] = key;
    EXPECT_EQ(service_.infer(request.dump()).at("model_version"), expected);
    request.erase("parameters");
    request["id"] = key;
    EXPECT_EQ(service_.infer(request.dump()).at("model_version"), expected);
    const Json row{{"rows", {{{"tenure", 5}}}}, {"route_key", key}};
    EXPECT_EQ(service_.predict_rows(row.dump()).at("version"), expected);
  }
}

TEST_F(Canary, NamesRequestsThatHaveNoName) {
  publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kCanary, 50);
  const Candidate candidate{{}, CandidateMode::kCanary, 50};
  std::set<std::string> ids;
  for (int i = 0; i < 20; ++i) {
    const HttpResponse answer = service_.post("/v2/models/front/predict", "{}");
    ASSERT_EQ(answer.headers.size(), 1U);
    EXPECT_EQ(answer.headers[0].first, "X-Request-Id");
    ids.insert(answer.headers[0].second);
    EXPECT_EQ(Json::parse(answer.body).at("version"),
              takes_candidate(candidate, route_bucket(answer.headers[0].second)) ? "8" : "7");
  }
  EXPECT_EQ(ids.size(), 20U);
}

TEST_F(Canary, AnswersUnderItsOwnNumber) {
  publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kCanary, 0);
  const Json answer = Json::parse(service_.post("/v2/models/front/versions/8/infer", two_rows().dump()).body);
  EXPECT_EQ(answer.at("model_version"), "8");
  EXPECT_EQ(answer.at("outputs")[0].at("data")[0].get<float>(),
            tiny_artifact(Task::kBinary, 8).golden.predictions[0]);
}

// A version with another column refuses what the old one takes: that is its failure, not the client's.
TEST_F(Canary, WhatItFailsAtTheCurrentVersionAnswers) {
  Artifact other = tiny_artifact(Task::kBinary, 8);
  FeaturePlan plan = other.scorer.plan();
  plan.steps.push_back({"new column", ColumnType::kReal, testing_support::scaled_by(0, 1)});
  NetworkSpec spec = other.scorer.network().spec();
  spec.n_numeric = static_cast<std::uint32_t>(plan.n_numeric());
  other.scorer = Scorer(plan, Network(spec, initial_parameters(spec, 8)));
  other.golden = {};
  publish(other, CandidateMode::kCanary, 100);
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(service_.infer(two_rows().dump()).at("model_version"), "7");
  }
  EXPECT_THROW((void)service_.infer(R"({"inputs": []})"), Error);  // wrong for both
  EXPECT_EQ(arm("candidate").at("refused"), 10);
  EXPECT_EQ(arm("candidate").at("requests"), 0);
  EXPECT_EQ(arm("current").at("requests"), 10);
  EXPECT_EQ(arm("current").at("refused"), 1);
}

TEST_F(Canary, OneThatCannotBeLoadedGetsNothing) {
  Artifact lying = tiny_artifact(Task::kBinary, 8);
  lying.golden.predictions[0] += 0.1F;
  publish(lying, CandidateMode::kCanary, 100);
  EXPECT_EQ(taken().size(), 0U);
  EXPECT_EQ(arm("candidate").at("ready"), false);
  EXPECT_NE(arm("candidate").at("error").get<std::string>().find("golden"), std::string::npos);
}

TEST_F(Canary, CountsByArmInTheSameBins) {
  publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kCanary, 50);
  const std::size_t taken_keys = taken().size();
  const Json candidate = arm("candidate");
  const Json current = arm("current");
  EXPECT_EQ(candidate.at("requests"), taken_keys);
  EXPECT_EQ(current.at("requests"), 100 - taken_keys);
  EXPECT_EQ(candidate.at("predictions").at("borders"), current.at("predictions").at("borders"));
  for (const Json& entry : {candidate, current}) {
    std::uint64_t rows = 0;
    for (const Json& count : entry.at("predictions").at("counts")) rows += count.get<std::uint64_t>();
    EXPECT_EQ(rows, 2 * entry.at("requests").get<std::uint64_t>());
    EXPECT_EQ(entry.at("latency").at("counts").size(), entry.at("latency").at("borders").size() + 1);
  }
}

// The one before stays loaded, so that going back has nothing to read.
TEST_F(Canary, TheVersionBeforeStaysLoaded) {
  const Deployed old = service_.place.deployed(service_.artifact);
  const Deployed next = service_.place.deployed(tiny_artifact(Task::kBinary, 8));
  service_.place.publish(
      {.endpoint = "front", .generation = 0, .current = next, .previous = old, .candidate = {}});
  service_.look();
  EXPECT_EQ(version_for("x"), "8");
  std::filesystem::remove(service_.place.workspace.object_path(old.artifact));
  service_.place.publish(
      {.endpoint = "front", .generation = 0, .current = old, .previous = next, .candidate = {}});
  service_.look();
  EXPECT_EQ(version_for("x"), "7");
}

TEST_F(Canary, AShadowScoresBesideAndIsCompared) {
  const Artifact other = tiny_artifact(Task::kBinary, 8);
  publish(other, CandidateMode::kShadow, 100);
  EXPECT_EQ(taken().size(), 0U);
  const auto shadow = [&] { return arms().at("shadow"); };
  for (int i = 0; i < 500 && shadow().at("compared").get<int>() < 200; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const double first =
      std::abs(double{other.golden.predictions[0]} - double{service_.artifact.golden.predictions[0]});
  const double second =
      std::abs(double{other.golden.predictions[1]} - double{service_.artifact.golden.predictions[1]});
  EXPECT_EQ(shadow().at("compared"), 200);
  EXPECT_NEAR(shadow().at("sum_absolute_difference").get<double>(), 100 * (first + second), 1e-9);
  EXPECT_EQ(shadow().at("largest_difference").get<double>(), std::max(first, second));
  EXPECT_EQ(shadow().at("failed"), 0);
}

TEST_F(Canary, ADarkLaunchIsAskedNothing) {
  publish(tiny_artifact(Task::kBinary, 8), CandidateMode::kShadow, 0);
  EXPECT_EQ(taken().size(), 0U);
  EXPECT_EQ(arms().at("shadow").at("compared"), 0);
  EXPECT_EQ(arm("candidate").at("ready"), true);
}

}  // namespace
}  // namespace millrace
