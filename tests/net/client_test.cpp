#include "net/client.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"

namespace millrace {
namespace {

using testing_support::RunningServer;

Error error_of(const std::string& url, double seconds = 2) {
  try {
    http_request("GET", url, "", seconds);
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::kDone, "no error"};
}

std::uint16_t closed_port() {
  return HttpServer({}, answering([](const HttpRequest&) { return HttpResponse{}; })).port();
}

TEST(Client, SaysWhereNobodyListens) {
  const std::string port = std::to_string(closed_port());
  const Error error = error_of("http://127.0.0.1:" + port + "/");
  EXPECT_EQ(error.code(), ExitCode::kResource);
  EXPECT_EQ(error.message(), "cannot reach 127.0.0.1:" + port + ": Connection refused");
}

TEST(Client, SaysThatAHostIsUnknown) {
  const Error error = error_of("http://no-such-host.invalid:1/");
  EXPECT_EQ(error.code(), ExitCode::kResource);
  EXPECT_NE(error.message().find("no-such-host.invalid"), std::string::npos);
}

TEST(Client, GivesUpAfterTheTimeout) {
  const HttpServer silent(
      {}, answering([](const HttpRequest&) { return HttpResponse{}; }));  // listens, never serves
  const std::string server = "127.0.0.1:" + std::to_string(silent.port());
  const Error error = error_of("http://" + server + "/", 0.2);
  EXPECT_EQ(error.message(), "no answer from " + server + " within 0.2 s");
}

TEST(Client, ReturnsStatusTypeHeadersAndBody) {
  const RunningServer server([](const HttpRequest&) {
    return HttpResponse{418, "text/plain", std::string(100000, 'x'), {{"Allow", "POST"}}};
  });
  const HttpResponse answer = http_request("GET", server.url("/"));
  EXPECT_EQ(answer.status, 418);
  EXPECT_EQ(answer.header("content-type"), "text/plain");
  EXPECT_EQ(answer.body, std::string(100000, 'x'));
  const std::pair<std::string, std::string> allow{"Allow", "POST"};
  EXPECT_NE(std::find(answer.headers.begin(), answer.headers.end(), allow), answer.headers.end());
}

// The server counts the connections that it has; ports tell the client's apart.
TEST(Client, KeepsItsConnection) {
  RunningServer server(testing_support::echo, {.idle_seconds = 1});
  HttpClient client;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.request({.method = "POST", .url = server.url("/x"), .body = "body"}).body,
              "POST /x body");
    EXPECT_EQ(server.counters().connections, 1U);
  }
  EXPECT_TRUE(testing_support::eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(client.request({.url = server.url("/anew")}).body, "GET /anew ");
}

TEST(Client, GoesOnAfterAFailure) {
  const HttpServer silent({}, answering(testing_support::echo));  // listens, never serves
  const RunningServer first(testing_support::echo);
  const RunningServer second(testing_support::echo);
  HttpClient client;
  EXPECT_THROW(client.request({.url = "http://" + silent.address() + "/", .timeout_seconds = 0.2}), Error);
  for (const RunningServer* server : {&first, &second, &first})
    EXPECT_EQ(client.request({.url = server->url("/next")}).body, "GET /next ");
}

TEST(Client, SendsFurtherHeaders) {
  const RunningServer server([](const HttpRequest& request) {
    return HttpResponse{
        .body = fmt::format("{}|{}", request.header("authorization"), request.header("content-type"))};
  });
  HttpClient client;
  EXPECT_EQ(client
                .request({.method = "POST",
                          .url = server.url("/"),
                          .body = "a",
                          .headers = {{"Authorization", "Bearer x"}, {"Content-Type", "text/csv"}}})
                .body,
            "Bearer x|text/csv");
}

}  // namespace
}  // namespace millrace
