#include <set>
#include <thread>

#include <gtest/gtest.h>

#include "base/text.hpp"
#include "serving/metrics_text.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::TinyService;
using testing_support::two_rows;

bool has_line(const std::string& text, const std::string& line) {
  return ("\n" + text).find("\n" + line + "\n") != std::string::npos;
}

TEST(Metrics, CountRequestsRowsAndFailures) {
  const TinyService service;
  for (int i = 0; i < 3; ++i) (void)service.infer(two_rows().dump());
  (void)service.predict_rows("[{}]");
  EXPECT_THROW((void)service.infer("{}"), Error);
  const HttpResponse answer = service.get("/metrics");
  EXPECT_EQ(answer.content_type, "text/plain; version=0.0.4; charset=utf-8");
  const std::string labels = R"({model="churn",version="7",arm="current")";
  for (const std::string& line :
       {"nv_inference_request_success" + labels + "} 4", "nv_inference_count" + labels + "} 7",
        "nv_inference_exec_count" + labels + "} 4",
        "nv_inference_request_failure" + labels + ",reason=\"OTHER\"} 1",
        "nv_inference_request_failure" + labels + ",reason=\"BACKEND\"} 0",
        "millrace_request_seconds_bucket" + labels + ",le=\"+Inf\"} 4",
        "millrace_request_seconds_count" + labels + "} 4",
        std::string(R"(millrace_model_info{name="front",model="churn",version="7",arm="current"} 1)")}) {
    EXPECT_TRUE(has_line(answer.body, line)) << line << "\n" << answer.body;
  }
  EXPECT_NE(answer.body.find("\nmillrace_build_info{version=\""), std::string::npos);
}

// Every line is a comment or `name{labels} number`; each family is described once, before its samples.
TEST(Metrics, TextIsWellFormed) {
  const TinyService service;
  (void)service.infer(two_rows().dump());
  std::string family;
  std::set<std::string> described;
  for (const std::string& line : split(service.get("/metrics").body, '\n')) {
    if (line.empty()) continue;
    if (line.starts_with("# HELP ")) {
      family = split(line, ' ')[2];
      EXPECT_TRUE(described.insert(family).second) << line;
    }
    if (line.front() == '#') continue;
    EXPECT_TRUE(line.starts_with(family)) << line;
    char* end = nullptr;
    const std::string value = line.substr(line.rfind(' ') + 1);
    (void)std::strtod(value.c_str(), &end);
    EXPECT_EQ(*end, '\0') << line;
    EXPECT_EQ(line.find('{') == std::string::npos, line.find("} ") == std::string::npos) << line;
  }
}

TEST(Metrics, KeepAVersionsCountsOverSwitches) {
  Metrics metrics;
  const auto first = metrics.of("churn", 1, ArmKind::kCurrent, 10);
  first->failed(Failure::kRefused);
  const auto second = metrics.of("churn", 2, ArmKind::kCurrent, 10);
  EXPECT_NE(first, second);
  EXPECT_NE(metrics.of("churn", 1, ArmKind::kPrevious, 10), first);
  EXPECT_EQ(metrics.of("churn", 1, ArmKind::kCurrent, 10), first);
  EXPECT_TRUE(
      has_line(metrics_text(metrics, Catalog(), HttpCounters()),
               R"(nv_inference_request_failure{model="churn",version="1",arm="current",reason="OTHER"} 1)"));
}

TEST(Metrics, ShowWhatTheServerRefused) {
  HttpCounters http;
  http.connections = 12;
  http.refused[static_cast<std::size_t>(Refusal::kBusy)] = 3;
  const std::string text = metrics_text(Metrics(), Catalog(), http);
  EXPECT_TRUE(has_line(text, "millrace_http_connections 12"));
  EXPECT_TRUE(has_line(text, "millrace_http_requests_in_flight 0"));
  EXPECT_TRUE(has_line(text, R"(millrace_http_refused_total{reason="busy"} 3)"));
  EXPECT_TRUE(has_line(text, R"(millrace_http_refused_total{reason="slow"} 0)"));
}

TEST(Metrics, EscapeLabels) {
  const ModelMetrics model("a\"b\\c\nd", 1, ArmKind::kCandidate, 10);
  EXPECT_EQ(model.labels, R"(model="a\"b\\c\nd",version="1",arm="candidate")");
}

TEST(Metrics, LoseNothingAmongThreads) {
  ModelMetrics metrics("churn", 1, ArmKind::kCurrent, 10);
  const LapClock clock;
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        for (int i = 0; i < 10000; ++i) metrics.succeeded(2, clock);
      });
    }
  }
  EXPECT_EQ(metrics.requests, 40000U);
  EXPECT_EQ(metrics.rows, 80000U);
  EXPECT_EQ(metrics.latencies[0], 40000U);
}

// Batches of 1, 2, 3…4, …, 512 rows, and larger ones.
TEST(Metrics, PutBatchesIntoPowersOfTwo) {
  ModelMetrics metrics("churn", 1, ArmKind::kCurrent, 10);
  for (const std::size_t rows : {1U, 2U, 3U, 4U, 5U, 512U, 513U, 100000U}) metrics.executed(rows);
  EXPECT_EQ(metrics.batches[0], 1U);
  EXPECT_EQ(metrics.batches[1], 1U);
  EXPECT_EQ(metrics.batches[2], 2U);
  EXPECT_EQ(metrics.batches[3], 1U);
  EXPECT_EQ(metrics.batches[9], 1U);
  EXPECT_EQ(metrics.batches[10], 2U);
}

}  // namespace
}  // namespace millrace
