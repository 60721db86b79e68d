// Clients that vanish at every stage of a request: nothing of them is left, and others are served.
#include <latch>

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
using testing_support::RunningServer;

const std::string kWhole = "POST /x HTTP/1.1\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x');

void expect_nothing_left(const RunningServer& server) {
  EXPECT_TRUE(eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(server.counters().in_flight, 0U);
  EXPECT_EQ(http_request("GET", server.url("/alive")).body, "GET /alive ");
}

TEST(Vanish, WhileTheRequestArrives) {
  const RunningServer server(echo);
  for (const bool reset : {false, true}) {
    for (std::size_t size = 0; size <= kWhole.size(); size += 3) {
      RawConnection client(server.port());
      ASSERT_TRUE(client.send(kWhole.substr(0, size)));
      if (reset) client.vanish();
    }
  }
  expect_nothing_left(server);
}

TEST(Vanish, BeforeTheBodyThatWasAskedFor) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_TRUE(client.readable(5000));
  client.vanish();
  expect_nothing_left(server);
}

TEST(Vanish, WhileTheAnswerIsMade) {
  std::latch begun(1);
  std::latch gone(1);
  const RunningServer server([&](const HttpRequest& request) {
    if (request.target != "/x") return echo(request);
    begun.count_down();
    gone.wait();
    return echo(request);
  });
  RawConnection client(server.port());
  ASSERT_TRUE(client.send(kWhole));
  begun.wait();
  client.vanish();
  gone.count_down();
  expect_nothing_left(server);
}

TEST(Vanish, WhileTheAnswerIsSent) {
  const RunningServer server([](const HttpRequest& request) {
    return request.target == "/x" ? HttpResponse{.body = std::string(50000000, 'x')} : echo(request);
  });
  for (const bool reset : {false, true}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(kWhole));
    ASSERT_TRUE(client.readable(5000));
    if (reset) client.vanish();
  }
  expect_nothing_left(server);
}

TEST(Vanish, AfterARefusal) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("nonsense\r\n\r\n"));
  ASSERT_TRUE(client.readable(5000));
  client.vanish();
  expect_nothing_left(server);
}

TEST(Vanish, BetweenRequests) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET /1 HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(client.read_until("GET /1 ").ends_with("GET /1 "));
  client.vanish();
  expect_nothing_left(server);
}

// Half a connection is a whole client: it has said all, and waits for the answer.
TEST(Vanish, NotThoseThatOnlyHaveNoMoreToSay) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET /last HTTP/1.1\r\n\r\n"));
  client.end_sending();
  EXPECT_TRUE(client.read_all().ends_with("GET /last "));
}

}  // namespace
}  // namespace millrace
