// Servers that are not there, go, come back, refuse, keep silent or talk nonsense.
#include <latch>
#include <memory>

#include <gtest/gtest.h>

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

std::uint16_t port_of(const RawServer& server) {
  const std::string url = server.url("");
  return static_cast<std::uint16_t>(std::stoul(url.substr(url.rfind(':') + 1)));
}

std::uint16_t free_port() {
  return RunningServer(testing_support::echo).port();
}

Error error_of(const LoadPlan& plan) {
  try {
    (void)run_load(plan);
  } catch (const Error& error) {
    return error;
  }
  return internal_error("no error");
}

TEST(Trouble, NobodyListens) {
  const Error error = error_of(small_plan(free_port()));
  EXPECT_EQ(error.topic(), Topic::kUnreachableServer);
  EXPECT_NE(error.message().find("Connection refused"), std::string::npos) << error.message();
}

TEST(Trouble, ARefusalEndsItWithTheAnswer) {
  const RunningServer server([](const HttpRequest&) { return error_response(404, "no such model"); });
  LoadPlan plan = small_plan(server.port(), 60);
  plan.threads = 2;
  const Error error = error_of(plan);
  EXPECT_EQ(error.topic(), Topic::kRefusedRequest);
  EXPECT_EQ(error.message(), R"(HTTP 404: {"error":"no such model"})");

  plan.keep_going = true;
  plan.seconds = 0.1;
  const LoadResult result = run_load(plan);
  EXPECT_EQ(result.statuses, (std::map<int, std::uint64_t>{{404, result.requests}}));
}

TEST(Trouble, AServerThatGoesForGood) {
  auto server = std::make_unique<RunningServer>(testing_support::echo);
  LoadPlan plan = small_plan(server->port(), 3600);
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(200));
    server.reset();
  });
  const Error error = error_of(plan);
  ends.join();
  EXPECT_EQ(error.topic(), Topic::kUnreachableServer);
  EXPECT_NE(error.message().find("the server has gone"), std::string::npos) << error.message();
}

// With --keep-going a restart costs what was under way and due meanwhile, and all of it is counted.
TEST(Trouble, AServerThatComesBack) {
  auto server = std::make_unique<RunningServer>(testing_support::echo);
  LoadPlan plan = small_plan(server->port(), 3);
  plan.rate = 200;
  plan.arrivals = Arrivals::kFixed;
  plan.timeout_seconds = 0.2;
  plan.keep_going = true;
  plan.interval_seconds = 0.5;
  std::thread restarts([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const std::uint16_t port = server->port();
    server.reset();
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    HttpServerOptions options;
    options.port = port;
    server = std::make_unique<RunningServer>(testing_support::echo, options);
  });
  const LoadResult result = run_load(plan);
  restarts.join();
  EXPECT_EQ(result.requests + result.unsent, 600U);
  EXPECT_EQ(answers_and_failures(result), result.requests);
  EXPECT_GT(result.unsent + result.failures[static_cast<std::size_t>(Failure::kClosed)], 0U);
  EXPECT_GT(result.connect_failures, 0U);
  EXPECT_GT(result.timeline.back().ok, 0U);
}

TEST(Trouble, NoAnswerInTime) {
  std::latch over(1);
  {
    const RawServer server([&](const auto&) {
      over.wait();
      return "";
    });
    LoadPlan plan = small_plan(port_of(server), 0.3);
    plan.timeout_seconds = 0.1;
    const LoadResult result = run_load(plan);
    EXPECT_GT(result.requests, 0U);
    EXPECT_EQ(result.failures[static_cast<std::size_t>(Failure::kTimeout)], result.requests);
    over.count_down();
  }
}

TEST(Trouble, ClosedWithoutAnAnswer) {
  const RawServer server([](const auto&) { return ""; });
  LoadPlan plan = small_plan(port_of(server), 0.2);
  const LoadResult result = run_load(plan);
  EXPECT_GT(result.requests, 0U);
  EXPECT_EQ(result.failures[static_cast<std::size_t>(Failure::kClosed)], result.requests);
}

TEST(Trouble, Nonsense) {
  const RawServer server(
      [](const auto&) { return "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"; });
  LoadPlan plan = small_plan(port_of(server), 60);
  const Error error = error_of(plan);
  EXPECT_EQ(error.topic(), Topic::kFailedRequest);
  EXPECT_NE(error.message().find("no Content-Length"), std::string::npos) << error.message();

  plan.keep_going = true;
  plan.seconds = 0.1;
  const LoadResult result = run_load(plan);
  EXPECT_EQ(result.failures[static_cast<std::size_t>(Failure::kMalformed)], result.requests);
}

}  // namespace
}  // namespace millrace::load
