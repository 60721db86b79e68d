// What the server does with requests that are malformed, too large or too slow.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"

namespace millrace {
namespace {

using testing_support::RawConnection;
using testing_support::RunningServer;

HttpResponse echo(const HttpRequest& request) {
  return {.body = request.method + " " + request.target + " " + request.body};
}

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

TEST(Limits, MalformedRequestsAreAnsweredAndTheConnectionCloses) {
  const RunningServer server(echo);
  for (const char* text :
       {"nonsense\r\n\r\n", "GET / HTTP/3.7\r\n\r\n", "GET  HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nno colon\r\n\r\n", "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n"}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(text));
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << text << " -> " << answer;
    EXPECT_EQ(parse_json(body_of(answer), "answer").at("error").get<std::string>().find("malformed"), 0U);
  }
  EXPECT_EQ(http_request("GET", server.url("/alive")).body, "GET /alive ");
}

TEST(Limits, LargeBodiesAreRefusedAndTheAnswerArrives) {
  const RunningServer server(echo, {.body_limit = 1000});
  EXPECT_EQ(http_request("POST", server.url("/"), std::string(1000, 'x')).status, 200);
  EXPECT_EQ(http_request("POST", server.url("/"), std::string(1001, 'x')).status, 413);
  const HttpResponse answer = http_request("POST", server.url("/"), std::string(4000000, 'x'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_NE(answer.body.find("limit of 1000 bytes"), std::string::npos);
}

TEST(Limits, LargeChunkedBodiesAreRefused) {
  const RunningServer server(echo, {.body_limit = 10});
  RawConnection client(server.port());
  ASSERT_TRUE(
      client.send("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
                  "8\r\n12345678\r\n8\r\n12345678\r\n0\r\n\r\n"));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(Limits, LargeHeadersAreRefused) {
  const RunningServer server(echo, {.header_limit = 2000});
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nX: " + std::string(3000, 'x') + "\r\n\r\n"));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 431 "));
}

TEST(Limits, SilentConnectionsEnd) {
  const RunningServer server(echo, {.idle_seconds = 0.2});
  RawConnection silent(server.port());
  RawConnection slow(server.port());
  ASSERT_TRUE(slow.send("GET / HT"));
  EXPECT_TRUE(silent.at_end());
  EXPECT_TRUE(slow.at_end());
}

TEST(Limits, ClientsThatLeaveHarmNobody) {
  const RunningServer server(echo);
  for (const char* part : {"", "GET /", "POST / HTTP/1.1\r\nContent-Length: 100\r\n\r\nabc"}) {
    const RawConnection client(server.port());
    ASSERT_TRUE(client.send(part));
  }
  EXPECT_EQ(http_request("GET", server.url("/alive")).status, 200);
}

TEST(Limits, BodiesAreAskedForWithContinue) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST /x HTTP/1.1\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n"));
  EXPECT_EQ(client.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  ASSERT_TRUE(client.send("abc"));
  EXPECT_TRUE(client.read_until("POST /x abc").starts_with("HTTP/1.1 200 OK"));
}

TEST(Limits, OtherExpectationsFail) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("GET / HTTP/1.1\r\nExpect: miracles\r\n\r\n"));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 417 "));
}

}  // namespace
}  // namespace millrace
