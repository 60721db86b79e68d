// What a load counts is what the server saw.
#include "load/load.hpp"

#include <atomic>

#include <gtest/gtest.h>

#include "base/signals.hpp"
#include "net/running_server.hpp"
#include "plan.hpp"
#include "support/raw_server.hpp"
#include "support/topics.hpp"

namespace millrace::load {
namespace {

using testing_support::answers_and_failures;
using testing_support::RawServer;
using testing_support::RunningServer;
using testing_support::small_plan;

// Counts what it is asked, by path.
class CountingServer {
 public:
  explicit CountingServer(int status = 200)
      : server_([this, status](const HttpRequest& request) {
          ++(request.target == "/a" ? first : second);
          return HttpResponse{.status = status, .body = std::string(request.body)};
        }) {}
  [[nodiscard]] std::uint16_t port() const { return server_.port(); }

  std::atomic<std::uint64_t> first{0}, second{0};

 private:
  RunningServer server_;
};

TEST(Load, ClosedCountsEachRequestOnce) {
  for (const unsigned threads : {1U, 3U}) {
    const CountingServer server;
    LoadPlan plan = small_plan(server.port());
    plan.threads = threads;
    const LoadResult result = run_load(plan);
    EXPECT_GT(result.requests, 0U);
    EXPECT_EQ(result.requests, server.first + server.second);
    EXPECT_EQ(result.statuses, (std::map<int, std::uint64_t>{{200, result.requests}}));
    EXPECT_EQ(result.latency.count(), result.requests);
    EXPECT_EQ(result.answers, result.requests);
    EXPECT_EQ(result.unsent, 0U);
    // The bodies take turns on each thread, wherever it began.
    const auto difference =
        static_cast<std::int64_t>(server.first) - static_cast<std::int64_t>(server.second);
    EXPECT_LE(std::abs(difference), static_cast<std::int64_t>(threads));
  }
}

TEST(Load, OpenSendsWhatIsDueAndNoMore) {
  for (const unsigned threads : {1U, 2U}) {
    const CountingServer server;
    LoadPlan plan = small_plan(server.port(), 0.5);
    plan.threads = threads;
    plan.rate = 400;
    plan.arrivals = Arrivals::kFixed;
    const LoadResult result = run_load(plan);
    EXPECT_EQ(result.requests, 200U);
    EXPECT_EQ(server.first + server.second, 200U);
    EXPECT_EQ(result.statuses.at(200), 200U);
  }
}

TEST(Load, TheWarmUpIsNotCounted) {
  const CountingServer server;
  LoadPlan plan = small_plan(server.port(), 0.25);
  plan.rate = 400;
  plan.arrivals = Arrivals::kFixed;
  plan.warmup_seconds = 0.25;
  const LoadResult result = run_load(plan);
  EXPECT_EQ(result.requests, 100U);
  EXPECT_EQ(result.latency.count(), 100U);
  EXPECT_EQ(server.first + server.second, 200U);
}

// Each answer is in the interval in which it came; the last ones come after the end.
TEST(Load, TheTimelineAddsUp) {
  const CountingServer server;
  LoadPlan plan = small_plan(server.port());
  plan.interval_seconds = 0.07;
  const LoadResult result = run_load(plan);
  ASSERT_EQ(result.timeline.size(), 5U);
  std::uint64_t ok = 0;
  for (const Interval& interval : result.timeline) {
    ok += interval.ok;
    EXPECT_EQ(interval.other + interval.failed, 0U);
    EXPECT_LE(interval.slowest, result.latency.max());
  }
  EXPECT_LE(ok, result.requests);
  EXPECT_GE(ok + plan.connections, result.requests);
  EXPECT_DOUBLE_EQ(result.throughput(), static_cast<double>(ok) / plan.seconds);
}

TEST(Load, OtherStatusesAreCounted) {
  for (const int status : {429, 503}) {
    const CountingServer server(status);
    const LoadResult result = run_load(small_plan(server.port()));
    EXPECT_EQ(result.statuses, (std::map<int, std::uint64_t>{{status, result.requests}}));
    EXPECT_EQ(result.requests, server.first + server.second);
    EXPECT_EQ(result.latency.count(), 0U);
    EXPECT_EQ(result.throughput(), 0);
  }
}

// A connection is made anew after each answer, and no request is lost by that.
TEST(Load, ServersThatCloseAfterEachAnswer) {
  const RawServer server([](const auto&) { return testing_support::answer(200, "", "hello"); });
  const std::string url = server.url("");
  LoadPlan plan = small_plan(static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1))), 0.2);
  plan.rate = 100;
  plan.arrivals = Arrivals::kFixed;
  const LoadResult result = run_load(plan);
  EXPECT_EQ(result.requests, 20U);
  EXPECT_EQ(result.statuses, (std::map<int, std::uint64_t>{{200, 20}}));
  EXPECT_EQ(server.requests(), 20);
}

TEST(Load, LargeBodiesGoOutInPieces) {
  std::atomic<std::uint64_t> bytes = 0;
  const RunningServer server([&](const HttpRequest& request) {
    bytes += request.body.size();
    return HttpResponse{.body = std::string(3000000, 'x')};
  });
  LoadPlan plan = small_plan(server.port());
  plan.requests = {http_post(plan.address, "/", std::string(7000000, 'y'))};
  const LoadResult result = run_load(plan);
  EXPECT_GT(result.requests, 0U);
  EXPECT_EQ(result.statuses.at(200), result.requests);
  EXPECT_EQ(bytes, result.requests * 7000000);
}

TEST(Load, AStopSignalEndsItWithWhatThereIs) {
  std::atomic<int> asked = 0;
  const RunningServer server([&](const HttpRequest&) {
    if (++asked == 100) request_stop();
    return HttpResponse{};
  });
  const LoadResult result = run_load(small_plan(server.port(), 3600));
  clear_stop_request();
  EXPECT_GE(result.requests, 100U);
  EXPECT_EQ(answers_and_failures(result), result.requests);
  EXPECT_LT(result.seconds, 3600);
}

TEST(Load, PlansThatMakeNoSense) {
  const CountingServer server;
  const auto refused = [&](const std::function<void(LoadPlan&)>& change) {
    LoadPlan plan = small_plan(server.port());
    change(plan);
    try {
      (void)run_load(plan);
    } catch (const Error& error) {
      return error.code() == ExitCode::kUsage;
    }
    return false;
  };
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.requests.clear(); }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.threads = 0; }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.threads = 5; }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.rate = -1; }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.seconds = 0; }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.interval_seconds = 0; }));
  EXPECT_TRUE(refused([](LoadPlan& plan) { plan.address = "no port here/"; }));
}

}  // namespace
}  // namespace millrace::load
