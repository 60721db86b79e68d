#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <thread>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/topics.hpp"
#include "net/certificates.hpp"
#include "net/client/http_client.hpp"
#include "net/http.hpp"
#include "net/running_server.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Certificates;
using testing_support::echo;
using testing_support::eventually;
using testing_support::RawConnection;
using testing_support::refused;
using testing_support::RunningServer;

std::string secure(const RunningServer& server, const std::string& path) {
  return "https://127.0.0.1:" + std::to_string(server.port()) + path;
}

Error error_of(HttpTrust trust, const std::string& url) {
  try {
    HttpClient({.answer_seconds = 5, .trust = std::move(trust)}).send({.url = url});
  } catch (const Error& error) {
    return error;
  }
  return {ExitCode::kDone, "no error"};
}

HttpResponse tell_identity(const HttpRequest& request) {
  return {.body = fmt::format("{} is '{}'", request.client, request.identity)};
}

std::string output_of(const std::string& command) {
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(::popen(command.c_str(), "r"), &::pclose);
  std::array<char, 4096> text{};
  return {text.data(), std::fread(text.data(), 1, text.size(), pipe.get())};
}

TEST(Tls, AnswersRequestsOfAllSizes) {
  const Certificates certificates;
  const RunningServer server(echo, {.tls = certificates.tls()});
  HttpClient client({.trust = certificates.trust()});
  for (const std::size_t size : {0, 1, 1000, 16384, 16385, 100000, 3000000}) {
    const std::string body(size, 'x');
    EXPECT_EQ(client.send({.url = secure(server, "/a"), .method = "POST", .body = body}).body,
              "POST /a " + body);
  }
}

TEST(Tls, CurlAgrees) {
  const Certificates certificates;
  const RunningServer server(echo, {.tls = certificates.tls()});
  const std::string curl = "curl -s -m 10 --cacert " + certificates.path("ca.pem") + " ";
  EXPECT_EQ(output_of(curl + secure(server, "/1") + " -d body"), "POST /1 body");
  EXPECT_EQ(output_of(curl + "--tlsv1.2 --tls-max 1.2 " + secure(server, "/2")), "GET /2 ");
  EXPECT_EQ(output_of(curl + secure(server, "/[1-3]")), "GET /1 GET /2 GET /3 ");
  EXPECT_EQ(output_of(curl + "--tls-max 1.1 " + secure(server, "/3")), "");
}

TEST(Tls, WhoHasACertificateIsKnown) {
  const Certificates certificates;
  certificates.make("ann");
  HttpTls tls = certificates.tls();
  tls.client_authorities = certificates.path("ca.pem");
  const RunningServer server(tell_identity, {.tls = tls});
  HttpTrust ann = certificates.trust();
  ann.certificate = certificates.path("ann.pem");
  ann.key = certificates.path("ann.key");
  EXPECT_EQ(HttpClient({.trust = ann}).send({.url = secure(server, "/")}).body, "127.0.0.1 is 'ann'");
}

TEST(Tls, WhoHasNoneOrAnotherAuthoritysIsRefused) {
  const Certificates certificates;
  const Certificates others;
  HttpTls tls = certificates.tls();
  tls.client_authorities = certificates.path("ca.pem");
  const RunningServer server(tell_identity, {.tls = tls});
  EXPECT_EQ(error_of(certificates.trust(), secure(server, "/")).code(), ExitCode::kResource);
  HttpTrust stranger = certificates.trust();
  stranger.certificate = others.path("server.pem");
  stranger.key = others.path("server.key");
  EXPECT_EQ(error_of(stranger, secure(server, "/")).code(), ExitCode::kResource);
  EXPECT_TRUE(eventually([&] { return refused(server, Refusal::kMalformed) == 2; }));
}

// Connections that stay keep theirs; a half-written renewal changes nothing.
TEST(Tls, RenewedCertificatesAreTaken) {
  const Certificates certificates;
  const Certificates renewed;
  const RunningServer server(echo, {.tls = certificates.tls()});
  HttpClient staying({.trust = certificates.trust()});
  EXPECT_EQ(staying.send({.url = secure(server, "/1")}).body, "GET /1 ");
  using std::filesystem::copy_options;
  std::filesystem::copy(renewed.path("server.pem"), certificates.path("server.pem"),
                        copy_options::overwrite_existing);
  std::this_thread::sleep_for(std::chrono::milliseconds(1500));
  EXPECT_EQ(HttpClient({.trust = certificates.trust()}).send({.url = secure(server, "/2")}).body, "GET /2 ");
  std::filesystem::copy(renewed.path("server.key"), certificates.path("server.key"),
                        copy_options::overwrite_existing);
  EXPECT_TRUE(
      eventually([&] { return error_of(renewed.trust(), secure(server, "/3")).code() == ExitCode::kDone; }));
  EXPECT_EQ(staying.send({.url = secure(server, "/4")}).body, "GET /4 ");
}

TEST(Tls, SilentAndPlainClientsEnd) {
  const Certificates certificates;
  const RunningServer server(echo, {.tls = certificates.tls(), .header_seconds = 0.3});
  RawConnection silent(server.port());
  EXPECT_EQ(silent.read_all(), "");
  RawConnection plain(server.port());
  ASSERT_TRUE(plain.send("GET / HTTP/1.1\r\n\r\n"));
  EXPECT_EQ(plain.read_all().find("HTTP/"), std::string::npos);
  EXPECT_TRUE(eventually([&] { return server.counters().connections == 0; }));
  EXPECT_EQ(HttpClient({.trust = certificates.trust()}).send({.url = secure(server, "/")}).status, 200);
}

TEST(Tls, StopEndsIdleConnections) {
  const Certificates certificates;
  RunningServer server(echo, {.tls = certificates.tls()});
  HttpClient client({.trust = certificates.trust()});
  EXPECT_EQ(client.send({.url = secure(server, "/")}).status, 200);
  server.stop();
  EXPECT_EQ(server.counters().connections, 0U);
}

TEST(Tls, SaysWhatIsWrongWithItsFiles) {
  const Certificates certificates;
  const Certificates others;
  certificates.make("expired", -1);
  const HttpTls good = certificates.tls();
  HttpTls missing = good;
  missing.certificate = certificates.path("nothing.pem");
  HttpTls mixed = good;
  mixed.key = others.path("server.key");
  HttpTls authorities = good;
  authorities.client_authorities = good.key;
  for (const auto& [tls, named] : {std::pair{missing, missing.certificate}, std::pair{mixed, mixed.key},
                                   std::pair{certificates.tls("expired"), certificates.path("expired.pem")},
                                   std::pair{authorities, authorities.client_authorities}}) {
    try {
      const HttpServer server({.tls = tls}, answering(echo));
      ADD_FAILURE() << named;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kTls);
      EXPECT_NE(error.message().find("'" + named + "' cannot be used: "), std::string::npos)
          << error.message();
    }
  }
}

}  // namespace
}  // namespace millrace
