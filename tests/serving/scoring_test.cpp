// Batches, deadlines, queues that are full, reasons.
#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::golden_rows;
using testing_support::TestExchange;
using testing_support::TinyService;
using testing_support::two_rows;

std::string row_with_tenure(int tenure) {
  return Json{{"rows", {{{"tenure", tenure}, {"contract", tenure % 2 == 0 ? "Two year" : "One year"}}}}}
      .dump();
}

// Many requests at once, and every answer as if it had been alone.
TEST(Scoring, BatchesDoNotMix) {
  const TinyService alone;
  const TinyService batched(Task::kBinary, {.threads = 2, .max_batch = 16, .max_delay = 0.002});
  std::atomic<int> wrong = 0;
  {
    std::vector<std::jthread> clients;
    for (int c = 0; c < 8; ++c) {
      clients.emplace_back([&, c] {
        for (int i = 0; i < 50; ++i) {
          const std::string body = row_with_tenure(50 * c + i);
          if (batched.predict_rows(body) != alone.predict_rows(body)) ++wrong;
        }
      });
    }
  }
  EXPECT_EQ(wrong, 0);
  const ModelMetrics& metrics = *batched.served()->current().metrics;
  EXPECT_EQ(metrics.requests, 400U);
  EXPECT_EQ(metrics.rows, 400U);
  EXPECT_LT(metrics.executions, 400U);  // 8 clients wait at the same time: some share a pass
  EXPECT_EQ(metrics.pending, 0U);
}

TEST(Scoring, OneBadRowOfABatchIsItsOwn) {
  const TinyService batched(Task::kBinary, {.threads = 1, .max_batch = 64, .max_delay = 0.05});
  const std::string bad = R"({"charges": 1e308})";
  TestExchange first("POST", "/v2/models/churn/predict", bad);
  const std::string good = row_with_tenure(5);
  TestExchange second("POST", "/v2/models/churn/predict", good);
  batched.service.answer(first);
  batched.service.answer(second);
  EXPECT_EQ(first.wait().status, 400);
  EXPECT_EQ(second.wait().status, 200);
}

TEST(Scoring, RequestsBeyondTheQueueAndTheirTimeAre503) {
  const TinyService batched(Task::kBinary, {.threads = 1, .max_batch = 64, .max_delay = 0.2, .max_queue = 2});
  Json request = two_rows();
  request["parameters"]["timeout"] = 1000;  // µs: over before the batch is closed
  const std::string impatient = request.dump();
  const std::string patient = row_with_tenure(5);
  TestExchange late("POST", "/v2/models/churn/infer", impatient);
  TestExchange waits("POST", "/v2/models/churn/predict", patient);
  TestExchange too_many("POST", "/v2/models/churn/predict", patient);
  batched.service.answer(late);
  batched.service.answer(waits);
  batched.service.answer(too_many);
  const HttpResponse refused = too_many.wait();
  EXPECT_EQ(refused.status, 503);
  EXPECT_EQ(refused.headers.at(0), (std::pair<std::string, std::string>{"Retry-After", "1"}));
  EXPECT_EQ(late.wait().status, 503);
  EXPECT_EQ(waits.wait().status, 200);
  const ModelMetrics& metrics = *batched.served()->current().metrics;
  EXPECT_EQ(metrics.failures[static_cast<std::size_t>(Failure::kRejected)], 1U);
  EXPECT_EQ(metrics.failures[static_cast<std::size_t>(Failure::kLate)], 1U);
}

// A reason is the prediction less the one without the column.
TEST(Scoring, ReasonsAreWhatAColumnChanges) {
  const TinyService service;
  const Json row = golden_rows()[0];
  const double whole = service.predict_rows(row.dump()).at("predictions")[0].at("probability").get<float>();
  const Json answer = service.predict_rows(Json{{"rows", {row}}, {"reasons", 6}}.dump()).at("predictions")[0];
  EXPECT_EQ(answer.at("probability").get<float>(), static_cast<float>(whole));
  ASSERT_EQ(answer.at("reasons").size(), 6U);
  double before = INFINITY;
  for (const Json& reason : answer.at("reasons")) {
    Json without = row;
    without.erase(reason.at("column").get<std::string>());
    const double other =
        service.predict_rows(without.dump()).at("predictions")[0].at("probability").get<float>();
    EXPECT_NEAR(reason.at("contribution").get<double>(), whole - other, 1e-7);
    EXPECT_LE(std::abs(reason.at("contribution").get<double>()), before);
    before = std::abs(reason.at("contribution").get<double>());
  }
  const Json two = service.predict_rows(Json{{"rows", {row}}, {"reasons", 2}}.dump()).at("predictions")[0];
  EXPECT_EQ(two.at("reasons").size(), 2U);
  EXPECT_EQ(two.at("reasons")[0], answer.at("reasons")[0]);
}

TEST(Scoring, ReasonsForManyRowsAreBounded) {
  const TinyService service(Task::kBinary, {.max_rows = 12});
  EXPECT_EQ(refusal_of(service, "/v2/models/churn/predict", R"({"rows": [{},{},{}], "reasons": 1})"),
            "reasons for 3 rows of 6 columns take 18 predictions; one request may have 12");
}

TEST(Scoring, TheRequestLogHasWhatWasAskedAndAnswered) {
  std::vector<std::string> lines;
  RequestLog log([&](std::string_view line) { lines.emplace_back(line); }, 1, {"contract"});
  const TinyService service(Task::kBinary, {}, &log);
  (void)service.infer(two_rows().dump());
  ASSERT_EQ(lines.size(), 2U);
  const Json line = Json::parse(lines[1]);
  EXPECT_EQ(line.at("id"), "q-1");
  EXPECT_EQ(line.at("row"), 1);
  EXPECT_EQ(line.at("arm"), "current");
  EXPECT_EQ(line.at("version"), 7);
  EXPECT_EQ(line.at("inputs"),
            Json::parse(R"({"tenure": 61, "charges": 20, "senior": true, "signup": "2016-02-29",
                                               "seen": "2021-05-06T07:08:09.5Z"})"));
  EXPECT_EQ(line.at("prediction").get<float>(), service.artifact.golden.predictions[1]);
  (void)service.predict_rows(R"({"tenure": null})");
  EXPECT_EQ(Json::parse(lines.at(2)).at("inputs"), Json::object());
  EXPECT_NE(Json::parse(lines[2]).at("id"), "");
}

TEST(Scoring, TheRequestLogsShareIsOfIds) {
  std::size_t lines = 0;
  RequestLog log([&](std::string_view) { ++lines; }, 0.25, {});
  const TinyService service(Task::kBinary, {}, &log);
  std::size_t expected = 0;
  for (int i = 0; i < 200; ++i) {
    const std::string id = "request " + std::to_string(i);
    if (route_bucket(id) < 2500) ++expected;
    (void)service.predict_rows(Json{{"rows", {Json::object()}}, {"id", id}}.dump());
  }
  EXPECT_EQ(lines, expected);
  EXPECT_GT(lines, 20U);
}

}  // namespace
}  // namespace millrace
