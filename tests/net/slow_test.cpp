// Clients that take their time: each stage has its deadline, and who still listens is told.
#include <gtest/gtest.h>

#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::refused;
using testing_support::RunningServer;

// One byte after the other until the server has something to say.
std::string trickle(RawConnection& client, const std::string& text) {
  for (const char byte : text) {
    if (!client.send({&byte, 1}) || client.readable(20)) break;
  }
  return client.read_all();
}

TEST(Slow, HeadersThatDoNotEndAreAnswered) {
  const RunningServer server(echo, {.header_seconds = 0.2});
  RawConnection client(server.port());
  const std::string answer = trickle(client, "GET / HTTP/1.1\r\nX: " + std::string(400, 'x'));
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
  EXPECT_NE(answer.find("the request's header did not arrive within 0.2 s"), std::string::npos) << answer;
  EXPECT_EQ(refused(server, Refusal::kSlow), 1U);
}

TEST(Slow, BodiesThatDoNotEndAreAnswered) {
  const RunningServer server(echo, {.body_seconds = 0.2});
  for (const char* kind : {"Content-Length: 400", "Transfer-Encoding: chunked"}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(std::string("POST / HTTP/1.1\r\n") + kind + "\r\n\r\n"));
    const std::string answer = trickle(client, "180;" + std::string(380, 'x'));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_NE(answer.find("the request's body did not arrive within 0.2 s"), std::string::npos) << answer;
  }
  EXPECT_TRUE(eventually([&] { return server.counters().in_flight == 0; }));
}

TEST(Slow, BodiesThatTrickleInAreAnsweredLongBeforeTheirTimeIsUp) {
  const RunningServer server(echo, {.header_seconds = 0.2, .body_seconds = 1000, .body_rate = 1e6});
  for (const char* kind : {"Content-Length: 400", "Transfer-Encoding: chunked"}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(std::string("POST / HTTP/1.1\r\n") + kind + "\r\n\r\n"));
    const std::string answer = trickle(client, "180;" + std::string(380, 'x'));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 408 ")) << answer;
    EXPECT_NE(answer.find("the request's body came at less than 1000000 bytes a second"), std::string::npos)
        << answer;
  }
  EXPECT_EQ(refused(server, Refusal::kSlow), 2U);
  EXPECT_TRUE(eventually([&] { return server.counters().in_flight == 0; }));
}

// What has arrived earns time: twice as long as a silent body has.
TEST(Slow, BodiesThatKeepTheirRateMayTakeTheirTime) {
  const RunningServer server(echo, {.header_seconds = 0.5, .body_rate = 10});
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nConnection: close\r\nContent-Length: 1001\r\n\r\n" +
                          std::string(1000, 'x')));
  std::this_thread::sleep_for(std::chrono::milliseconds(1000));
  ASSERT_TRUE(client.send("y"));
  EXPECT_TRUE(client.read_all().ends_with("xy"));
}

TEST(Slow, HeadersHaveTheirTimeFromTheirFirstByte) {
  const RunningServer server(echo, {.header_seconds = 0.3});
  RawConnection client(server.port());
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  ASSERT_TRUE(client.send("GET /late HTTP/1.1\r\nConnection: close\r\n\r\n"));
  EXPECT_TRUE(client.read_all().ends_with("GET /late "));
}

TEST(Slow, SilentConnectionsEndWithoutAWord) {
  const RunningServer server(echo, {.idle_seconds = 1});
  RawConnection silent(server.port());
  RawConnection used(server.port());
  ASSERT_TRUE(used.send("GET /once HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(silent.read_all(), "");
  EXPECT_TRUE(used.read_all().ends_with("GET /once "));
  EXPECT_TRUE(eventually([&] { return server.counters().connections == 0; }));
}

TEST(Slow, AnswersThatAreNotTakenAreDropped) {
  const RunningServer server(
      [](const HttpRequest&) { return HttpResponse{.body = std::string(50000000, 'x')}; },
      {.idle_seconds = 0.2});
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nContent-Length: 1\r\n\r\nx"));
  ASSERT_TRUE(client.readable(5000));
  EXPECT_TRUE(eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(server.counters().in_flight, 0U);
}

// Late, but there: a stage's deadline ends with the stage.
TEST(Slow, AnswersOfSlowHandlersArrive) {
  const RunningServer server(
      [](const HttpRequest& request) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1200));
        return echo(request);
      },
      {.header_seconds = 1, .body_seconds = 1, .idle_seconds = 1});
  EXPECT_EQ(http_request("POST", server.url("/x"), "body").body, "POST /x body");
}

// The same where the connection's thread, and its timer with it, goes on meanwhile.
TEST(Slow, AnswersThatAreMadeElsewhereHaveNoDeadline) {
  std::jthread elsewhere;
  const RunningServer server(
      [&](HttpExchange& exchange) {
        elsewhere = std::jthread([&exchange] {
          std::this_thread::sleep_for(std::chrono::milliseconds(1200));
          exchange.response = echo(exchange.request);
          exchange.send();
        });
      },
      {.header_seconds = 0.3, .body_seconds = 0.3, .idle_seconds = 0.3});
  EXPECT_EQ(http_request("POST", server.url("/x"), "body").body, "POST /x body");
}

}  // namespace
}  // namespace millrace
