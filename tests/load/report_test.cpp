#include "load/report.hpp"

#include <gtest/gtest.h>

namespace millrace::load {
namespace {

LoadResult a_result() {
  LoadResult result;
  for (std::uint64_t i = 1; i <= 100; ++i) {
    result.latency.add(2'000'000 * i);
    result.service.add(1'000'000 * i);
  }
  result.statuses = {{200, 100}, {503, 7}};
  result.failures = {1, 2, 0};
  result.requests = 110;
  result.unsent = 5;
  result.timeline = {{.ok = 60, .other = 7, .failed = 3, .slowest = 9'000'000}, {.ok = 30}};
  result.seconds = 2;
  result.generator_seconds = 1e-3;
  result.answers = 100;
  return result;
}

TEST(Report, JsonHoldsEveryCount) {
  const LoadPlan plan{.address = "x", .requests = {"y"}, .rate = 50};
  const OrderedJson json = to_json(plan, a_result());
  EXPECT_EQ(json["throughput"], 45);
  EXPECT_EQ(json["statuses"], OrderedJson({{"200", 100}, {"503", 7}}));
  EXPECT_EQ(json["failures"], OrderedJson({{"closed", 1}, {"timeout", 2}, {"malformed", 0}}));
  EXPECT_EQ(json["requests"], 110);
  EXPECT_EQ(json["unsent"], 5);
  EXPECT_EQ(json["latency_ms"]["max"], 200);
  EXPECT_NEAR(json["latency_ms"]["p50"].get<double>(), 100, 100.0 / 128);
  EXPECT_NEAR(json["service_ms"]["p99"].get<double>(), 99, 99.0 / 128);
  EXPECT_EQ(json["timeline"][0],
            OrderedJson({{"second", 0.0}, {"ok", 60}, {"other", 7}, {"failed", 3}, {"max_ms", 9.0}}));
  EXPECT_EQ(json["generator_us_per_request"], 10);
  EXPECT_TRUE(to_json({.address = "x", .requests = {"y"}}, a_result())["rate"].is_null());
}

TEST(Report, TextTellsWhatWentWrong) {
  const std::string text = describe({.address = "x", .requests = {"y"}, .rate = 50}, a_result());
  for (const char* part : {"110 requests in 2.0 s", "status 503: 7", "closed: 1", "timeout: 2",
                           "due but not sent: 5", "from due to answer", "from sent to answer"}) {
    EXPECT_NE(text.find(part), std::string::npos) << text;
  }
  EXPECT_EQ(text.find("malformed"), std::string::npos) << text;
}

TEST(Report, MergingAddsUp) {
  LoadResult sum = a_result();
  sum.merge(a_result());
  EXPECT_EQ(sum.requests, 220U);
  EXPECT_EQ(sum.statuses.at(503), 14U);
  EXPECT_EQ(sum.failures[1], 4U);
  EXPECT_EQ(sum.unsent, 10U);
  EXPECT_EQ(sum.latency.count(), 200U);
  EXPECT_EQ(sum.timeline[0].ok, 120U);
  EXPECT_DOUBLE_EQ(sum.throughput(), 2 * a_result().throughput());
}

}  // namespace
}  // namespace millrace::load
