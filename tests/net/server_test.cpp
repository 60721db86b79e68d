#include <atomic>
#include <chrono>
#include <latch>
#include <limits>
#include <stdexcept>
#include <thread>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/json.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::RunningServer;
using namespace std::chrono_literals;

Error error_of_listening(const std::string& host, std::uint16_t port) {
  try {
    const HttpServer server({.host = host, .port = port}, answering(echo));
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::kDone, "no error"};
}

TEST(Server, AnswersRequests) {
  const RunningServer server(echo);
  EXPECT_EQ(http_request("GET", server.url("/a?b=c")).body, "GET /a?b=c ");
  EXPECT_EQ(http_request("POST", server.url("/x"), "body").body, "POST /x body");
  EXPECT_EQ(http_request("PATCH", server.url("/x"), "").body, "PATCH /x ");
  EXPECT_EQ(http_request("GET", server.url("/")).header("Content-Type"), "application/json");
}

TEST(Server, KeepsConnectionsOpen) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(client.send("GET /again HTTP/1.1\r\nHost: x\r\n\r\n"));
    EXPECT_NE(client.read_until("GET /again ").find("Content-Length: 11"), std::string::npos);
  }
}

TEST(Server, ClosesWhereTheClientAsksForIt) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET /1 HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_TRUE(client.read_all().ends_with("GET /1 "));
  RawConnection old(server.port());
  ASSERT_TRUE(old.send("GET /2 HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(old.read_all().ends_with("GET /2 "));
}

TEST(Server, AnswersPipelinedRequestsInOrder) {
  const RunningServer server(echo, {.threads = 2});
  RawConnection client(server.port());
  std::string requests;
  for (int i = 0; i < 50; ++i) {
    requests += fmt::format("POST /{} HTTP/1.1\r\nContent-Length: 2\r\n\r\nab", i);
  }
  ASSERT_TRUE(client.send(requests + "GET /last HTTP/1.1\r\nConnection: close\r\n\r\n"));
  const std::string answers = client.read_all();
  std::size_t at = 0;
  for (int i = 0; i < 50; ++i) {
    at = answers.find(fmt::format("POST /{} ab", i), at);
    ASSERT_NE(at, std::string::npos) << i;
  }
  EXPECT_NE(answers.find("GET /last ", at), std::string::npos);
}

TEST(Server, AnswersHeadWithoutTheBody) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("HEAD /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\nConnection: close\r\n\r\n"));
  const std::string answers = client.read_all();
  EXPECT_EQ(answers.find("GET /1"), std::string::npos);
  EXPECT_NE(answers.find("Content-Length: 7\r\n"), std::string::npos);
  EXPECT_TRUE(answers.ends_with("GET /2 "));
  EXPECT_EQ(http_request("HEAD", server.url("/")).body, "");
}

TEST(Server, ExceptionsOfTheHandlerBecomeAnswers) {
  const RunningServer server([](const HttpRequest& request) -> HttpResponse {
    if (request.target == "/usage") throw usage_error("no such column");
    if (request.target == "/resource") throw resource_error("gone");
    throw std::runtime_error("a \xff fault");
  });
  const HttpAnswer usage = http_request("GET", server.url("/usage"));
  EXPECT_EQ(usage.status, 400);
  EXPECT_EQ(usage.body, R"({"error":"no such column"})");
  EXPECT_EQ(http_request("GET", server.url("/resource")).status, 500);
  const HttpAnswer fault = http_request("GET", server.url("/fault"));
  EXPECT_EQ(fault.status, 500);
  EXPECT_EQ(parse_json(fault.body, "answer").at("error"), "a \xef\xbf\xbd fault");
}

TEST(Server, SaysThatAPortIsInUse) {
  const HttpServer first({}, answering(echo));
  const Error error = error_of_listening("127.0.0.1", first.port());
  EXPECT_EQ(error.code(), ExitCode::kResource);
  EXPECT_EQ(error.message(),
            "port " + std::to_string(first.port()) + " on 127.0.0.1 is in use; choose another with --port");
}

TEST(Server, SaysThatAHostIsNotThisMachine) {
  for (const char* host : {"no-such-host.invalid", "192.0.2.1"}) {
    const Error error = error_of_listening(host, 0);
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find(host), std::string::npos) << error.message();
    EXPECT_NE(error.message().find("--host"), std::string::npos) << error.message();
  }
}

TEST(Server, ServesManyConnectionsAtOnce) {
  const RunningServer server(echo, {.threads = 2});
  std::atomic<int> right = 0;
  std::vector<std::jthread> clients;
  for (int c = 0; c < 8; ++c) {
    clients.emplace_back([&, c] {
      RawConnection client(server.port());
      for (int i = 0; i < 100; ++i) {
        const std::string target = fmt::format("/{}/{}", c, i);
        const std::string expected = fmt::format("GET {} ", target);
        if (client.send(fmt::format("GET {} HTTP/1.1\r\n\r\n", target)) &&
            client.read_until(expected).ends_with(expected)) {
          ++right;
        }
      }
    });
  }
  clients.clear();
  EXPECT_EQ(right, 800);
}

TEST(Server, StopEndsIdleConnections) {
  RunningServer server(echo);
  RawConnection idle(server.port());
  ASSERT_TRUE(idle.send("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(idle.read_until("GET / ").ends_with("GET / "));
  server.stop();
  EXPECT_TRUE(idle.at_end());
  EXPECT_FALSE(RawConnection(server.port()).connected());
}

TEST(Server, StopFinishesWhatIsInFlight) {
  std::latch begun(1);
  RunningServer server([&](const HttpRequest& request) {
    begun.count_down();
    std::this_thread::sleep_for(300ms);
    return echo(request);
  });
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET /slow HTTP/1.1\r\n\r\n"));
  begun.wait();
  server.ask_to_stop();
  const std::string answer = client.read_all();
  EXPECT_TRUE(answer.ends_with("GET /slow ")) << answer;
  EXPECT_NE(answer.find("Connection: close"), std::string::npos);
}

TEST(Server, StopLetsABegunRequestArrive) {
  RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST /half HTTP/1.1\r\nContent-Length: 4\r\n\r\nab"));
  std::this_thread::sleep_for(100ms);
  server.ask_to_stop();
  std::this_thread::sleep_for(100ms);
  ASSERT_TRUE(client.send("cd"));
  EXPECT_TRUE(client.read_all().ends_with("POST /half abcd"));
}

// None is given to a thread that has ended.
TEST(Server, StopsAmidNewConnections) {
  for (int round = 0; round < 20; ++round) {
    RunningServer server(echo, {.threads = 2});
    std::atomic<int> made = 0;
    const std::jthread clients([&](const std::stop_token& stop) {
      while (!stop.stop_requested() && RawConnection(server.port()).connected()) ++made;
    });
    EXPECT_TRUE(eventually([&] { return made > 20; }));
    server.stop();
    EXPECT_EQ(server.counters().connections, 0U);
  }
}

TEST(Server, AnswersWhileATickTakesItsTime) {
  std::latch ticking(1);
  std::latch answered(1);
  std::atomic<bool> first = true;
  const RunningServer server(echo, {}, [&] {
    if (!first.exchange(false)) return;
    ticking.count_down();
    answered.wait();
  });
  ticking.wait();
  EXPECT_EQ(http_request("GET", server.url("/")).status, 200);
  answered.count_down();
}

TEST(Server, AFailingTickStopsTheServer) {
  HttpServer server({}, answering(echo));
  EXPECT_THROW(server.run([] { throw resource_error("lost"); }), Error);
}

TEST(Server, RefusesOptionsThatMakeNoSense) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  for (const HttpServerOptions& options :
       {HttpServerOptions{.threads = 0}, HttpServerOptions{.threads = 4294967295U},
        HttpServerOptions{.body_limit = UINT64_MAX}, HttpServerOptions{.header_limit = 0},
        HttpServerOptions{.connections = 0}, HttpServerOptions{.connections = 4294967295U},
        HttpServerOptions{.in_flight = 0}, HttpServerOptions{.rate = -1}, HttpServerOptions{.rate = nan},
        HttpServerOptions{.header_seconds = 0}, HttpServerOptions{.body_seconds = -1},
        HttpServerOptions{.idle_seconds = 1e300}}) {
    try {
      const HttpServer server(options, answering(echo));
      ADD_FAILURE() << "accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ExitCode::kUsage) << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace
