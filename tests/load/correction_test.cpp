// Coordinated omission: what a stall costs those who would have asked meanwhile.
#include <thread>

#include <gtest/gtest.h>

#include "net/running_server.hpp"
#include "plan.hpp"

namespace millrace::load {
namespace {

using testing_support::answers_and_failures;
using testing_support::RunningServer;
using testing_support::small_plan;

constexpr double kStall = 0.5;

// 400 requests are due in 2 s, and the server takes 0.5 s for one of them. A hundred are due during that
// stall, and of these the 60 in its first 0.3 s wait for 0.2 s at least: 15 % of all, so that the 0.86
// quantile is above. That holds on a slow machine too, where more of them wait. Of the requests as they were
// sent, over one connection, only one has met the stall.
TEST(Correction, AStallShowsInAllThatWereDueMeanwhile) {
  std::atomic<int> asked = 0;
  const RunningServer server([&](const HttpRequest&) {
    if (++asked == 50) std::this_thread::sleep_for(std::chrono::duration<double>(kStall));
    return HttpResponse{};
  });
  LoadPlan plan = small_plan(server.port(), 2);
  plan.connections = 1;
  plan.rate = 200;
  plan.arrivals = Arrivals::kFixed;
  const LoadResult result = run_load(plan);
  EXPECT_EQ(result.requests, 400U);
  EXPECT_GE(result.latency.quantile(0.86), 200'000'000U);
  EXPECT_GE(result.latency.max(), static_cast<std::uint64_t>(1e9 * kStall));
  EXPECT_LT(result.service.quantile(0.86), result.latency.quantile(0.86));
}

// Each request that was due is sent or counted as not sent, however slow the server.
TEST(Correction, NothingThatWasDueIsForgotten) {
  const RunningServer server([](const HttpRequest&) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return HttpResponse{};
  });
  for (const double timeout : {0.1, 60.0}) {
    LoadPlan plan = small_plan(server.port(), 0.5);
    plan.connections = 2;
    plan.rate = 1000;
    plan.arrivals = Arrivals::kFixed;
    plan.timeout_seconds = timeout;
    const LoadResult result = run_load(plan);
    EXPECT_EQ(result.requests + result.unsent, 500U) << timeout;
    EXPECT_GT(result.unsent, 400U) << timeout;  // 50 answers a second are all there can be
    EXPECT_EQ(answers_and_failures(result), result.requests) << timeout;
  }
}

}  // namespace
}  // namespace millrace::load
