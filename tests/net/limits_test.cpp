// What the server does with requests that are malformed or too large.
#include <gtest/gtest.h>

#include "base/json.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"

namespace millrace {
namespace {

using testing_support::echo;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::refused;
using testing_support::RunningServer;

std::string body_of(const std::string& answer) {
  const auto end = answer.find("\r\n\r\n");
  return end == std::string::npos ? "" : answer.substr(end + 4);
}

TEST(Limits, MalformedRequestsAreAnsweredAndTheConnectionCloses) {
  const RunningServer server(echo);
  using namespace std::string_literals;
  for (const std::string& text :
       {"nonsense\r\n\r\n"s,
        "GET /\r\n\r\n"s,
        "GET / HTTP/3.7\r\n\r\n"s,
        "GET  HTTP/1.1\r\n\r\n"s,
        "GET /a b HTTP/1.1\r\n\r\n"s,
        "GET /\0 HTTP/1.1\r\n\r\n"s,
        "GE\0T / HTTP/1.1\r\n\r\n"s,
        "GET / HTTP/1.1\n\n"s,
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"s,
        "GET / HTTP/1.1\r\nno colon\r\n\r\n"s,
        "GET / HTTP/1.1\r\n: no name\r\n\r\n"s,
        "GET / HTTP/1.1\r\nX Y: z\r\n\r\n"s,
        "GET / HTTP/1.1\r\nX: a\0b\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: 0x10\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n"s,
        "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab"s,
        "POST / HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"s,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n"s,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"s,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n"s,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n"s,
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabc\r\n0\r\n\r\n"s,
        "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03 a TLS hello\r\n\r\n"s}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(text));
    const std::string answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 400 ")) << text << " -> " << answer;
    EXPECT_EQ(parse_json(body_of(answer), "answer").at("error").get<std::string>().find("malformed"), 0U);
  }
  EXPECT_EQ(http_request("GET", server.url("/alive")).body, "GET /alive ");
  EXPECT_EQ(refused(server, Refusal::kMalformed), 25U);
}

TEST(Limits, LargeBodiesAreRefusedAndTheAnswerArrives) {
  const RunningServer server(echo, {.body_limit = 1000});
  EXPECT_EQ(http_request("POST", server.url("/"), std::string(1000, 'x')).status, 200);
  EXPECT_EQ(http_request("POST", server.url("/"), std::string(1001, 'x')).status, 413);
  const HttpAnswer answer = http_request("POST", server.url("/"), std::string(4000000, 'x'));
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

TEST(Limits, BodiesThatAreOnlyAnnouncedTakeNoMemory) {
  const RunningServer server(echo);
  RawConnection client(server.port());
  ASSERT_TRUE(client.send("POST / HTTP/1.1\r\nContent-Length: 1000000000000000000\r\n\r\nab"));
  EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 413 "));
}

TEST(Limits, LargeHeadersAreRefused) {
  const RunningServer server(echo, {.header_limit = 2000});
  std::string many;
  for (int i = 0; i < 400; ++i) many += "X: y\r\n";
  for (const std::string& header :
       {"GET / HTTP/1.1\r\nX: " + std::string(3000, 'x') + "\r\n\r\n", "GET / HTTP/1.1\r\n" + many + "\r\n",
        "GET /" + std::string(3000, 'x') + " HTTP/1.1\r\n\r\n", std::string(3000, 'G')}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(header));
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 431 ")) << header.size();
  }
}

// What a body brings beside its bytes has no limit in itself: chunk extensions, trailers.
TEST(Limits, EndlessChunkExtensionsAndTrailersAreRefused) {
  const RunningServer server(echo);
  for (const char* start : {"1;x=", "0\r\nX: "}) {
    RawConnection client(server.port());
    ASSERT_TRUE(client.send(std::string("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n") + start));
    for (int i = 0; i < 100 && client.send(std::string(10000, 'x')); ++i) {
    }
    EXPECT_TRUE(client.read_all().starts_with("HTTP/1.1 4")) << start;
  }
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
