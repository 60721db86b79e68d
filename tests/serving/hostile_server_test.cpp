// millrace-serve on a bad day: hostile bytes on its socket, thousands of idle connections, files that break
// under it. After each of them it answers as before.
#include <algorithm>
#include <deque>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <sys/resource.h>

#include "base/publish.hpp"
#include "deployment/endpoint.hpp"
#include "net/running_server.hpp"
#include "serve_process.hpp"
#include "storage/objects.hpp"
#include "support/http_request.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using namespace std::string_literals;
using testing_support::eventually;
using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::ServeProcess;
using testing_support::TemporaryFolder;
using testing_support::tiny_artifact;
using testing_support::two_rows;

std::string post(const std::string& target, const std::string& body) {
  return fmt::format("POST {} HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{}",
                     target, body.size(), body);
}
std::string get(const std::string& target) {
  return "GET " + target + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
}

class HostileServer : public ::testing::Test {
 protected:
  HostileServer() { write_artifact(path_, artifact_); }

  [[nodiscard]] std::vector<std::string> options(const std::vector<std::string>& further = {}) const {
    std::vector<std::string> all{"--artifact", path_, "--threads", "2"};
    all.insert(all.end(), further.begin(), further.end());
    return all;
  }
  void expect_service(const ServeProcess& server) const {
    const HttpAnswer answer = http_request("POST", server.url("/v2/models/churn/infer"), two_rows().dump());
    ASSERT_EQ(answer.status, 200) << answer.body;
    const auto values = Json::parse(answer.body).at("outputs")[0].at("data").get<std::vector<float>>();
    EXPECT_EQ(values[0], artifact_.golden.predictions[0]);
  }

  TemporaryFolder folder_;
  Artifact artifact_ = tiny_artifact();
  std::string path_ = folder_ / "churn-7.tar.zst";
};

std::string metric(const ServeProcess& server, const std::string& name) {
  const std::string text = http_request("GET", server.url("/metrics")).body;
  const auto at = text.find("\n" + name + " ");
  if (at == std::string::npos) return "no " + name;
  const auto start = at + name.size() + 2;
  return text.substr(start, text.find('\n', start) - start);
}

bool all_may_open(rlim_t files) {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = std::max(limit.rlim_cur, std::min(files, limit.rlim_max));
  return ::setrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= files;
}

TEST_F(HostileServer, WhateverArrivesIsRefusedWithAReason) {
  const ServeProcess server(options());
  ASSERT_NE(server.address(), "") << server.errors();
  const std::string infer = "/v2/models/churn/infer";
  const std::string predict = "/v2/models/churn/predict";
  struct Case {
    std::string request;
    int status;
  };
  for (const auto& [request, status] :
       {Case{"\r\n\r\n\r\n", 400},
        Case{"\0\0\0\0\r\n\r\n"s, 400},
        Case{"GET\r\n\r\n", 400},
        Case{std::string(100000, 'A'), 431},
        Case{get("/" + std::string(100000, 'a')), 431},
        Case{get("/v2/../../etc/passwd"), 404},
        Case{get("/%2e%2e/%2e%2e/etc/passwd"), 404},
        Case{get("/v2/models/churn%00/ready"), 404},
        Case{get("/v2/models/churn\0/ready"s), 400},
        Case{get("/v2/models/\xff\xfe/ready"), 404},
        Case{get("http://elsewhere/v2/models/churn"), 404},
        Case{get("file:///etc/passwd"), 404},
        Case{get("*"), 404},
        Case{get("/v2/models//ready"), 404},
        Case{"CONNECT elsewhere:443 HTTP/1.1\r\nConnection: close\r\n\r\n", 404},
        Case{"BREW /v2/models/churn/infer HTTP/1.1\r\nConnection: close\r\n\r\n", 405},
        Case{"DELETE /v2/models/churn HTTP/1.1\r\nConnection: close\r\n\r\n", 405},
        Case{get(infer), 405},
        Case{post("/v2/models/churn", "{}"), 405},
        Case{post("/v2/models/other/infer", "{}"), 404},
        Case{post(infer, ""), 400},
        Case{post(infer, "{"), 400},
        Case{post(infer, "\0"s), 400},
        Case{post(infer, std::string(5000000, '[')), 400},
        Case{post(predict, std::string(5000000, '{')), 400},
        Case{post(predict, "{\"rows\": " + std::string(5000000, '[') + std::string(5000000, ']') + "}"), 400},
        Case{post(predict, R"([{"tenure": NaN}])"), 400},
        Case{post(predict, R"([{"charges": 1e308}])"), 400},
        Case{post(predict, "[{\"contract\": \"\xff\"}]"), 400},
        Case{post(predict, R"([{"tenur": 5}])"), 400},
        Case{post(predict, R"([{"tenure": "5"}])"), 400},
        Case{post(infer, std::string(17000000, ' ')), 413},
        Case{post(predict, "{\"" + std::string(16000000, 'x') + "\": 1}"), 400}}) {
    RawConnection client(server.port());
    (void)client.send(request);  // it may be refused before all of it is sent
    const std::string answer = client.read_all();
    const std::string what = request.substr(0, 80);
    ASSERT_TRUE(answer.starts_with(fmt::format("HTTP/1.1 {} ", status)))
        << what << " -> " << answer.substr(0, 300);
    const auto body = answer.find("\r\n\r\n");
    ASSERT_NE(body, std::string::npos) << what;
    EXPECT_NE(Json::parse(answer.substr(body + 4)).at("error"), "") << what;
  }
  expect_service(server);
  EXPECT_EQ(
      metric(server,
             R"(nv_inference_request_failure{model="churn",version="7",arm="current",reason="BACKEND"})"),
      "0");
  EXPECT_EQ(metric(server, R"(millrace_http_refused_total{reason="malformed"})"), "4");
  EXPECT_EQ(metric(server, R"(millrace_http_refused_total{reason="large"})"), "3");
}

TEST_F(HostileServer, OneBadRequestAmongPipelinedOnesHarmsOnlyItself) {
  const ServeProcess server(options());
  ASSERT_NE(server.address(), "") << server.errors();
  RawConnection client(server.port());
  const std::string kept = "HTTP/1.1\r\nContent-Length: 2\r\n\r\n[]";
  const std::string path = "POST /v2/models/churn/predict ";
  ASSERT_TRUE(client.send(path + kept + path + "HTTP/1.1\r\nContent-Length: 1\r\n\r\n[" + path + kept +
                          "nonsense\r\n\r\n" + path + kept));
  const std::string answers = client.read_all();
  std::vector<std::string> statuses;
  for (std::size_t at = 0; (at = answers.find("HTTP/1.1 ", at)) != std::string::npos; ++at) {
    statuses.push_back(answers.substr(at + 9, 3));
  }
  EXPECT_EQ(statuses, (std::vector<std::string>{"200", "400", "200", "400"})) << answers;
}

TEST_F(HostileServer, TwoThousandIdleConnectionsKeepNobodyOut) {
  constexpr int kIdle = 2000;
  if (!all_may_open(kIdle + 100))
    GTEST_SKIP() << "this process may not open " << kIdle << " connections (ulimit -n)";
  const ServeProcess server(options({"--header-seconds", "60"}));
  ASSERT_NE(server.address(), "") << server.errors();
  if (server.errors().find("ulimit -n") != std::string::npos) {
    GTEST_SKIP() << "the server may not hold " << kIdle << " connections: " << server.errors();
  }
  std::deque<RawConnection> idle;
  for (int i = 0; i < kIdle; ++i) {
    idle.emplace_back(server.port());
    ASSERT_TRUE(idle.back().connected()) << i;
    ASSERT_TRUE(idle.back().send(i % 2 == 1 ? "GET /v2" : "")) << i;  // half of them have begun
  }
  expect_service(server);
  EXPECT_TRUE(eventually([&] { return metric(server, "millrace_http_connections") == "2001"; }));
  for (const int i : {1, 999, 1999}) {
    ASSERT_TRUE(idle[i].send("/health/live HTTP/1.1\r\n\r\n"));
    EXPECT_TRUE(idle[i].read_until("}").ends_with("{\"live\":true}")) << i;
  }
  idle.clear();
  EXPECT_TRUE(eventually([&] { return metric(server, "millrace_http_connections") == "1"; }));
}

TEST_F(HostileServer, LimitsAreOptions) {
  const ServeProcess server(
      options({"--max-connections", "10", "--max-body", "1000", "--max-header", "2000", "--max-rows", "2",
               "--header-seconds", "0.2", "--body-seconds", "0.3", "--idle-seconds", "20"}));
  ASSERT_NE(server.address(), "") << server.errors();
  const std::string predict = server.url("/v2/models/churn/predict");
  EXPECT_EQ(http_request("POST", predict, "[{},{}]").status, 200);
  EXPECT_EQ(http_request("POST", predict, "[{},{},{}]").status, 400);
  EXPECT_EQ(http_request("POST", predict, std::string(1001, ' ')).status, 413);
  EXPECT_EQ(http_request("GET", server.url("/" + std::string(2000, 'x'))).status, 431);
  RawConnection header(server.port());
  ASSERT_TRUE(header.send("GET /v2"));
  EXPECT_TRUE(header.read_all().starts_with("HTTP/1.1 408 "));
  RawConnection body(server.port());
  ASSERT_TRUE(body.send("POST /v2/models/churn/predict HTTP/1.1\r\nContent-Length: 2\r\n\r\n["));
  EXPECT_TRUE(body.read_all().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(metric(server, R"(millrace_http_refused_total{reason="slow"})"), "2");
  std::deque<RawConnection> many;
  for (int i = 0; i < 20; ++i) many.emplace_back(server.port());
  EXPECT_TRUE(many.back().read_all().starts_with("HTTP/1.1 503 "));
}

TEST_F(HostileServer, TheRateIsAnOption) {
  const ServeProcess server(options({"--max-rate", "0.01"}));
  ASSERT_NE(server.address(), "") << server.errors();
  EXPECT_EQ(http_request("GET", server.url("/v2")).status, 200);
  EXPECT_EQ(http_request("GET", server.url("/v2")).status, 429);
}

// What is served is in memory: its file may be cut short, overwritten or removed.
TEST_F(HostileServer, AnArtifactDamagedWhileServedDoesNoHarm) {
  const ServeProcess server(options());
  ASSERT_NE(server.address(), "") << server.errors();
  ASSERT_EQ(::truncate(path_.c_str(), 100), 0);
  expect_service(server);
  publish_file(path_, "no artifact");
  expect_service(server);
  ASSERT_EQ(::unlink(path_.c_str()), 0);
  expect_service(server);
}

TEST_F(HostileServer, ADamagedNewVersionIsRefusedAndTheOldOneAnswers) {
  const Workspace workspace(folder_ / "workspace");
  workspace.prepare();
  const auto put = [&](const Artifact& artifact) {
    PendingFile file(workspace.temporary_folder() + "/artifact");
    write_artifact(file.temporary_path(), artifact);
    return workspace.put_object(file);
  };
  const auto point_to = [&](const Digest& artifact, std::uint64_t version) {
    const EndpointState state{.endpoint = "churn",
                              .generation = version,
                              .current = {"churn", version, artifact, "2026-01-01T00:00:00Z"},
                              .previous = {},
                              .candidate = {}};
    publish_file(workspace.path("deploy/churn/state.json"), Json(state).dump());
  };
  const Digest served = put(artifact_);
  deploy(workspace.root(), "churn", served);
  const ServeProcess server({"--workspace", workspace.root(), "--endpoint", "churn"});
  ASSERT_NE(server.address(), "") << server.errors();

  // The served version's own object is gone; of the new one half is left.
  ASSERT_EQ(::unlink(workspace.object_path(served).c_str()), 0);
  const Digest damaged = put(tiny_artifact(Task::kBinary, 8));
  const std::string whole = read_file(workspace.object_path(damaged));
  publish_file(workspace.object_path(damaged), whole.substr(0, whole.size() / 2));
  point_to(damaged, 8);
  EXPECT_TRUE(eventually(
      [&] { return metric(server, R"(millrace_model_switches_total{result="refused"})") == "1"; }));
  EXPECT_NE(server.errors().find("is damaged"), std::string::npos) << server.errors();
  EXPECT_NE(server.errors().find("what was served goes on"), std::string::npos) << server.errors();
  expect_service(server);

  point_to(put(tiny_artifact(Task::kBinary, 9)), 9);
  EXPECT_TRUE(
      eventually([&] { return metric(server, R"(millrace_model_switches_total{result="done"})") == "1"; }));
}

// SIGTERM amid all sorts of clients: who has begun is answered, the others are let go, and the exit code is
// 0.
TEST_F(HostileServer, ADrainEndsWithEveryKindOfClient) {
  ServeProcess server(options({"--header-seconds", "3"}));
  ASSERT_NE(server.address(), "") << server.errors();
  std::deque<RawConnection> idle;
  for (int i = 0; i < 50; ++i) idle.emplace_back(server.port());
  RawConnection stuck(server.port());
  ASSERT_TRUE(stuck.send("GET /v2"));
  RawConnection begun(server.port());
  ASSERT_TRUE(begun.send(
      "POST /v2/models/churn/predict HTTP/1.1\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"));
  ASSERT_EQ(begun.read_until("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  EXPECT_TRUE(eventually([&] { return metric(server, "millrace_http_connections") == "53"; }));
  server.stop();
  EXPECT_TRUE(
      std::all_of(idle.begin(), idle.end(), [](const RawConnection& client) { return client.at_end(); }));
  ASSERT_TRUE(begun.send("[]"));
  EXPECT_TRUE(begun.read_all().starts_with("HTTP/1.1 200 "));
  EXPECT_TRUE(stuck.read_all().starts_with("HTTP/1.1 408 "));
  EXPECT_EQ(server.wait(), 0) << server.errors();
}

}  // namespace
}  // namespace millrace
