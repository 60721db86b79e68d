#include "deployment/arms.hpp"

#include <cstdlib>
#include <random>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/publish.hpp"
#include "base/topics.hpp"
#include "net/certificates.hpp"
#include "net/running_server.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::expect_topic;
using testing_support::RunningServer;

const Digest kEight = digest_of("8");

Json example_report() {
  return {{"endpoint", "churn"},
          {"generation", 17},
          {"started", "2026-01-01T00:00:00.000Z"},
          {"server", "node1:8080"},
          {"arms",
           {{{"arm", "candidate"},
             {"model", "churn"},
             {"version", 8},
             {"artifact", kEight.hex()},
             {"ready", true},
             {"error", nullptr},
             {"requests", 90},
             {"refused", 1},
             {"failed", 2},
             {"latency", {{"borders", {0.01, 0.1}}, {"counts", {80, 9, 1}}}},
             {"predictions", {{"borders", {0.5}}, {"counts", {60, 30}}}}}}},
          {"shadow", nullptr}};
}

TEST(ArmsReportOf, TakesWhatTheServerSays) {
  const auto report = example_report().get<ArmsReport>();
  EXPECT_EQ(report.generation, 17U);
  const ReportedArm* arm = report.find("candidate", kEight);
  ASSERT_NE(arm, nullptr);
  EXPECT_EQ(arm->counts.asked(), 93U);
  EXPECT_EQ(arm->counts.latency.total(), 90U);
  EXPECT_EQ(report.find("current", kEight), nullptr);
  EXPECT_EQ(report.find("candidate", digest_of("7")), nullptr);
  EXPECT_FALSE(report.shadow);
}

TEST(ArmsReportOf, AVersionThatIsNotLoadedHasNoHistograms) {
  Json json = example_report();
  json["arms"][0].update(
      {{"ready", false}, {"error", "out of memory"}, {"latency", nullptr}, {"predictions", nullptr}});
  const auto report = json.get<ArmsReport>();
  EXPECT_EQ(report.arms[0].error, "out of memory");
  EXPECT_EQ(report.arms[0].counts.latency.total(), 0U);
}

TEST(ArmsReportOf, WhatDoesNotFitIsRefused) {
  for (const char* patch :
       {R"([{"op": "remove", "path": "/generation"}])", R"([{"op": "remove", "path": "/arms/0/artifact"}])",
        R"([{"op": "replace", "path": "/arms/0/requests", "value": -1}])",
        R"([{"op": "remove", "path": "/arms/0/latency/counts/0"}])",
        R"([{"op": "replace", "path": "/arms/0/latency/borders/0", "value": 5}])"}) {
    EXPECT_THROW((void)parse_document<ArmsReport>(example_report().patch(Json::parse(patch)).dump(), "it"),
                 Error)
        << patch;
  }
}

// However often one looks and the server starts anew: the sum is what happened.
TEST(AddSince, IsWhatHappenedWhateverTheLooksAndRestarts) {
  std::mt19937_64 random(1);
  ArmCounts sum;
  ArmCounts now{0, 0, 0, {{1, 2}, {0, 0, 0}}, {{0.5}, {0, 0}}};
  ArmCounts before = now;
  std::uint64_t happened = 0;
  bool restarted = false;
  for (int step = 0; step < 300; ++step) {
    const std::uint64_t more = random() % 5;
    happened += more;
    now.requests += more;
    now.latency.counts[random() % 3] += more;
    if (random() % 3 != 0) continue;
    add_since(sum, now, restarted ? nullptr : &before);
    before = now;
    restarted = random() % 4 == 0;
    if (restarted) now = {0, 0, 0, {{1, 2}, {0, 0, 0}}, {{0.5}, {0, 0}}};
  }
  add_since(sum, now, restarted ? nullptr : &before);
  EXPECT_EQ(sum.requests, happened);
  EXPECT_EQ(sum.latency.total(), happened);
}

class Asking : public testing::Test {
 protected:
  void say_address(const std::string& text) { publish_file(folder_ / "deploy/churn/address", text); }
  Error failure() {
    try {
      (void)ask_arms(folder_.path(), "churn");
    } catch (const Error& error) {
      return error;
    }
    return {ExitCode::kDone, "no error"};
  }
  testing_support::TemporaryFolder folder_;
};

TEST_F(Asking, TheAddressMayHaveAScheme) {
  EXPECT_FALSE(server_address(folder_.path(), "churn"));
  say_address("node1:8080\n");
  EXPECT_EQ(server_address(folder_.path(), "churn")->url, "http://node1:8080");
  say_address("https://node1:8443\n");
  EXPECT_EQ(server_address(folder_.path(), "churn")->url, "https://node1:8443");
  say_address("");
  EXPECT_FALSE(server_address(folder_.path(), "churn"));
}

TEST_F(Asking, GetsTheReportOfAServerThatHasOne) {
  std::string asked;
  RunningServer server([&](const HttpRequest& request) {
    asked = request.target;
    return HttpResponse{.body = example_report().dump()};
  });
  say_address("127.0.0.1:" + std::to_string(server.port()));
  const auto report = ask_arms(folder_.path(), "churn");
  ASSERT_TRUE(report);
  EXPECT_EQ(report->generation, 17U);
  EXPECT_EQ(asked, "/v2/models/churn/arms");
  server.stop();
  EXPECT_FALSE(ask_arms(folder_.path(), "churn"));
}

TEST_F(Asking, AServerWithoutArmsOrWithNonsenseIsAsNone) {
  HttpResponse answer = error_response(404, "no such path");
  const RunningServer server([&](const HttpRequest&) { return answer; });
  say_address("127.0.0.1:" + std::to_string(server.port()));
  EXPECT_FALSE(ask_arms(folder_.path(), "churn"));
  answer = {.body = "{"};
  EXPECT_FALSE(ask_arms(folder_.path(), "churn"));
}

TEST_F(Asking, SocketsOfTheFileSystemAreAsked) {
  const std::string path = folder_ / "socket";
  const RunningServer server([](const HttpRequest&) { return HttpResponse{.body = example_report().dump()}; },
                             {.host = "unix:" + path});
  say_address("unix:" + path);
  EXPECT_TRUE(ask_arms(folder_.path(), "churn"));
}

TEST_F(Asking, TlsIsSpokenWithServersThatAreTrusted) {
  const testing_support::Certificates certificates;
  const RunningServer server([](const HttpRequest&) { return HttpResponse{.body = example_report().dump()}; },
                             {.tls = certificates.tls()});
  say_address("https://127.0.0.1:" + std::to_string(server.port()));
  expect_topic(failure(), Topic::kTls);
  for (const char* other : {"AWS_CA_BUNDLE", "CURL_CA_BUNDLE"}) ::unsetenv(other);  // they go before it
  ::setenv("SSL_CERT_FILE", certificates.path("ca.pem").c_str(), 1);
  EXPECT_TRUE(ask_arms(folder_.path(), "churn"));
  ::unsetenv("SSL_CERT_FILE");
}

// It is there: as if it were not, a new version would get all requests at once.
TEST_F(Asking, AServerThatWantsATokenIsAnError) {
  const RunningServer server([](const HttpRequest& request) {
    const bool known = request.header("authorization") == "Bearer 0123456789abcdef";
    return known ? HttpResponse{.body = example_report().dump()} : error_response(401, "who asks?");
  });
  say_address("127.0.0.1:" + std::to_string(server.port()));
  expect_topic(failure(), Topic::kRefusedRequest);
  publish_file(folder_ / "token", "0123456789abcdef\n");
  ::setenv("MILLRACE_TOKEN_FILE", (folder_ / "token").c_str(), 1);
  EXPECT_TRUE(ask_arms(folder_.path(), "churn"));
  ::unsetenv("MILLRACE_TOKEN_FILE");
}

}  // namespace
}  // namespace millrace
