// One attempt: connections, limits of time, TLS, sockets of the file system.
#include "net/client/transfer.hpp"

#include <cstdlib>
#include <memory>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "net/certificates.hpp"
#include "net/client/http_client.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/http_request.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Certificates;
using testing_support::echo;
using testing_support::expect_topic;
using testing_support::http_request;
using testing_support::RunningServer;
using testing_support::TemporaryFolder;

Error error_of(const std::string& url, HttpClientOptions options = {.answer_seconds = 5}) {
  try {
    HttpClient(std::move(options)).send({.url = url});
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::kDone, "no error"};
}

void expect_part(const Error& error, const std::string& part) {
  EXPECT_NE(error.message().find(part), std::string::npos) << error.message();
}

std::string secure(const RunningServer& server) {
  return "https://127.0.0.1:" + std::to_string(server.port()) + "/";
}

TEST(Transfer, SaysWhereNobodyListens) {
  const std::uint16_t port = HttpServer({}, answering(echo)).port();
  const std::string url = fmt::format("http://127.0.0.1:{}/", port);
  const Error error = error_of(url);
  expect_topic(error, Topic::kUnreachableServer);
  EXPECT_EQ(error.message(), "cannot fetch '" + url + "': Connection refused");
}

TEST(Transfer, SaysThatAHostIsUnknown) {
  const Error error = error_of("http://no-such-host.invalid:1/");
  expect_topic(error, Topic::kUnreachableServer);
  expect_part(error, "Could not resolve host: no-such-host.invalid");
}

TEST(Transfer, GivesUpAfterItsTime) {
  const HttpServer silent({}, answering(echo));  // listens, never serves
  const std::string url = "http://" + silent.address() + "/";
  EXPECT_EQ(error_of(url, {.answer_seconds = 0.2}).message(),
            "cannot fetch '" + url + "': no answer within 0.2 s");
}

TEST(Transfer, TakesAnswersOfAllMethods) {
  const RunningServer server([](const HttpRequest& request) {
    return HttpResponse{
        418, "text/plain", std::string(100000, 'x'), {{"Allow", std::string(request.method)}}};
  });
  for (const char* method : {"GET", "PATCH", "DELETE"}) {
    const HttpAnswer answer = http_request(method, server.url("/"));
    EXPECT_EQ(answer.status, 418);
    EXPECT_EQ(answer.header("Content-Type"), "text/plain");
    EXPECT_EQ(answer.body, std::string(100000, 'x'));
    EXPECT_EQ(answer.header("aLLOW"), method);
  }
  const HttpAnswer head = http_request("HEAD", server.url("/"));
  EXPECT_EQ(head.body, "");
  EXPECT_EQ(head.header("content-length"), "100000");
}

TEST(Transfer, KeepsItsConnection) {
  const RunningServer server(echo, {.idle_seconds = 1});
  HttpClient client;
  for (int i = 0; i < 20; ++i) {
    EXPECT_EQ(client.send({.url = server.url("/x"), .method = "POST", .body = "body"}).body, "POST /x body");
    EXPECT_EQ(server.counters().connections, 1U);
  }
  EXPECT_TRUE(testing_support::eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(client.send({.url = server.url("/anew")}).body, "GET /anew ");
}

TEST(Transfer, GoesOnAfterAFailure) {
  const HttpServer silent({}, answering(echo));  // listens, never serves
  const RunningServer first(echo);
  const RunningServer second(echo);
  HttpClient client({.answer_seconds = 0.5});
  EXPECT_THROW(client.send({.url = "http://" + silent.address() + "/"}), Error);
  for (const RunningServer* server : {&first, &second, &first})
    EXPECT_EQ(client.send({.url = server->url("/next")}).body, "GET /next ");
}

// Ours are on the same network, and a proxy knows nothing of it.
TEST(Transfer, GoesThroughProxiesOnlyWhereTold) {
  const RunningServer server(echo);
  ::setenv("http_proxy", "http://127.0.0.1:1", 1);
  ::unsetenv("no_proxy");
  EXPECT_EQ(HttpClient().send({.url = server.url("/direct")}).body, "GET /direct ");
  expect_topic(error_of(server.url("/"), {.proxies = true}), Topic::kUnreachableServer);
  ::unsetenv("http_proxy");
}

TEST(Transfer, GoesThroughASocketOfTheFileSystem) {
  const TemporaryFolder folder;
  const std::string path = folder / "socket";
  const RunningServer server(echo, {.host = "unix:" + path});
  EXPECT_EQ(HttpClient({.socket = path}).send({.url = "http://localhost/a"}).body, "GET /a ");
  const Error error = error_of("http://localhost/", {.socket = folder / "none"});
  expect_topic(error, Topic::kUnreachableServer);
  expect_part(error, "No such file or directory");
}

TEST(TransferWithTls, TrustsWhomItIsTold) {
  const Certificates certificates;
  const Certificates others;
  const RunningServer server(echo, {.host = "0.0.0.0", .tls = certificates.tls()});
  EXPECT_EQ(HttpClient({.trust = certificates.trust()}).send({.url = secure(server)}).body, "GET / ");
  const std::string other_name = fmt::format("https://127.0.0.2:{}/", server.port());
  for (const auto& [url, trust] :
       {std::pair{secure(server), others.trust()}, std::pair{other_name, certificates.trust()},
        std::pair{secure(server), HttpTrust{}}}) {
    const Error error = error_of(url, {.attempts = 9, .retry_seconds = 60, .trust = trust});  // tried once
    expect_topic(error, Topic::kTls);
    expect_part(error, "cannot fetch '" + url + "': SSL");
  }
}

TEST(TransferWithTls, ShowsItsOwnCertificate) {
  const Certificates certificates;
  const Certificates others;
  HttpTls tls = certificates.tls();
  tls.client_authorities = certificates.path("ca.pem");
  const RunningServer server(
      [](const HttpRequest& request) { return HttpResponse{.body = std::string(request.identity)}; },
      {.tls = tls});
  HttpTrust trust = certificates.trust();
  expect_part(error_of(secure(server), {.trust = trust}), "; it may want a certificate of its client");
  trust.certificate = certificates.path("server.pem");
  trust.key = certificates.path("server.key");
  EXPECT_EQ(HttpClient({.trust = trust}).send({.url = secure(server)}).body, "server");
  trust.certificate = others.path("server.pem");
  trust.key = others.path("server.key");
  EXPECT_EQ(error_of(secure(server), {.trust = trust}).code(), ExitCode::kResource);
}

TEST(TransferWithTls, SaysWhichFileCannotBeUsed) {
  const Certificates certificates;
  const Certificates others;
  const RunningServer server(echo, {.tls = certificates.tls()});
  const HttpTrust good{.authorities = certificates.path("ca.pem"),
                       .certificate = certificates.path("server.pem"),
                       .key = certificates.path("server.key")};
  for (const auto member : {&HttpTrust::authorities, &HttpTrust::certificate, &HttpTrust::key}) {
    HttpTrust bad = good;
    bad.*member = certificates.path("none.pem");
    const Error missing = error_of(secure(server), {.trust = bad});
    expect_topic(missing, Topic::kTls);
    expect_part(missing, "none.pem' cannot be used: No such file or directory");
    bad.*member = others.path("request");  // another thing, and another's
    expect_topic(error_of(secure(server), {.trust = bad}), Topic::kTls);
  }
}

}  // namespace
}  // namespace millrace
