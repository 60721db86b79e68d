// More clients, requests or haste than there is room for.
#include <deque>

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

// On its connection until the body is sent: the server has asked for it, so the request is in flight.
RawConnection begun_request(const RunningServer& server) {
  RawConnection client(server.port());
  EXPECT_TRUE(client.send("POST /begun HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  return client;
}

TEST(Overload, RequestsBeyondTheLimitAreToldToComeBack) {
  const RunningServer server(echo, {.in_flight = 2});
  RawConnection first = begun_request(server);
  RawConnection second = begun_request(server);
  for (const char* expect : {"", "Expect: 100-continue\r\n"}) {
    RawConnection third(server.port());
    ASSERT_TRUE(third.send(std::string("POST / HTTP/1.1\r\nContent-Length: 2\r\n") + expect + "\r\n"));
    const std::string answer = third.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
    EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos) << answer;
    EXPECT_NE(answer.find("the server is busy"), std::string::npos) << answer;
  }
  EXPECT_EQ(refused(server, Refusal::kBusy), 2U);
  EXPECT_EQ(http_request("GET", server.url("/health")).status, 200);

  for (RawConnection* client : {&first, &second}) {
    ASSERT_TRUE(client->send("ab"));
    EXPECT_TRUE(client->read_until("POST /begun ab").starts_with("HTTP/1.1 200 "));
  }
  EXPECT_TRUE(eventually([&] { return server.counters().in_flight == 0; }));
  EXPECT_EQ(http_request("POST", server.url("/again"), "x").status, 200);
}

TEST(Overload, ConnectionsBeyondTheLimitAreToldAndClosed) {
  const RunningServer server(echo, {.connections = 3});
  std::deque<RawConnection> clients;
  for (int i = 0; i < 3; ++i) {
    RawConnection& client = clients.emplace_back(server.port());
    ASSERT_TRUE(client.send("GET / HTTP/1.1\r\n\r\n"));
    EXPECT_TRUE(client.read_until("GET / ").starts_with("HTTP/1.1 200 "));
  }
  RawConnection silent(server.port());
  const std::string answer = silent.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 503 ")) << answer;
  EXPECT_NE(answer.find("Retry-After: 1\r\n"), std::string::npos) << answer;
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos) << answer;
  EXPECT_EQ(http_request("GET", server.url("/")).status, 503);  // who has sent its request reads it, too
  EXPECT_EQ(refused(server, Refusal::kConnections), 2U);

  ASSERT_TRUE(clients[0].send("GET /still HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(clients[0].read_until("GET /still ").starts_with("HTTP/1.1 200 "));
  clients.clear();
  EXPECT_TRUE(eventually([&] { return http_request("GET", server.url("/")).status == 200; }));
}

// Those that are turned away take room themselves, so they are not many, either.
TEST(Overload, AFloodOfConnectionsIsClosed) {
  const RunningServer server(echo, {.connections = 1});
  std::deque<RawConnection> clients;
  for (int i = 0; i < 200; ++i) clients.emplace_back(server.port());
  EXPECT_TRUE(eventually([&] { return refused(server, Refusal::kConnections) == 199; }));
  EXPECT_LE(server.counters().connections, 65U);
  EXPECT_TRUE(clients.back().at_end());
  ASSERT_TRUE(clients.front().send("GET /first HTTP/1.1\r\n\r\n"));
  EXPECT_TRUE(clients.front().read_until("GET /first ").starts_with("HTTP/1.1 200 "));
}

TEST(Overload, ARateIsKept) {
  const RunningServer server(echo, {.rate = 0.001});
  EXPECT_EQ(http_request("GET", server.url("/")).status, 200);
  RawConnection hasty(server.port());
  ASSERT_TRUE(hasty.send("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nab"));
  const std::string answer = hasty.read_all();
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 429 ")) << answer;
  EXPECT_NE(answer.find("more than 0.001 requests a second from 127.0.0.1"), std::string::npos) << answer;
  const auto at = answer.find("Retry-After: ");
  ASSERT_NE(at, std::string::npos) << answer;
  const int seconds = std::stoi(answer.substr(at + 13));
  EXPECT_GT(seconds, 900);
  EXPECT_LE(seconds, 1000);
  EXPECT_EQ(refused(server, Refusal::kRate), 1U);
}

TEST(Overload, PipelinedRequestsAreCountedOneByOne) {
  const RunningServer server(echo, {.rate = 3});
  RawConnection client(server.port());
  std::string requests;
  for (int i = 0; i < 200; ++i) requests += "GET /x HTTP/1.1\r\n\r\n";
  ASSERT_TRUE(client.send(requests));
  const std::string answers = client.read_all();
  EXPECT_TRUE(answers.starts_with("HTTP/1.1 200 "));
  EXPECT_NE(answers.find("HTTP/1.1 429 "), std::string::npos);
}

}  // namespace
}  // namespace millrace
