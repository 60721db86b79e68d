// A running server follows its endpoint, and nobody who asks it meanwhile notices but by the version.
#include <algorithm>
#include <atomic>
#include <functional>
#include <map>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "base/publish.hpp"
#include "deployment/endpoint.hpp"
#include "net/running_server.hpp"
#include "serve_process.hpp"
#include "storage/objects.hpp"
#include "support/http_request.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::http_request;
using testing_support::RawConnection;
using testing_support::ServeProcess;
using testing_support::tiny_artifact;
using testing_support::TinyWorkspace;
using testing_support::two_rows;

class Switch : public ::testing::Test {
 protected:
  [[nodiscard]] std::vector<std::string> options() const {
    return {"--workspace", workspace_.root(), "--endpoint", "front", "--threads", "2"};
  }
  [[nodiscard]] Digest put(const Artifact& artifact) const { return place_.put(artifact); }

  TinyWorkspace place_;
  const Workspace& workspace_ = place_.workspace;
};

std::string version_now(const ServeProcess& server) {
  const HttpAnswer answer = http_request("GET", server.url("/v2/models/front"));
  return Json::parse(answer.body).at("versions")[0];
}

bool within_seconds(double seconds, const std::function<bool()>& condition) {
  for (int i = 0; i < seconds * 50; ++i) {
    if (condition()) return true;
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  return false;
}

// Asks over one connection until told to stop; counts answers that are not the version's own.
void ask_on(std::uint16_t port, const std::map<std::string, float>& right, const std::atomic<bool>& stop,
            std::atomic<int>& asked, std::atomic<int>& wrong) {
  RawConnection client(port);
  const std::string body = two_rows().dump();
  const std::string request =
      fmt::format("POST /v2/models/front/infer HTTP/1.1\r\nContent-Length: {}\r\n\r\n{}", body.size(), body);
  while (!stop) {
    ++asked;
    const std::string answer = client.send(request) ? client.read_until("}]}") : "";
    const auto start = answer.find("\r\n\r\n");
    const Json json = Json::parse(start == std::string::npos ? "" : answer.substr(start + 4), nullptr, false);
    if (!answer.starts_with("HTTP/1.1 200") || json.is_discarded() ||
        json.at("outputs")[0].at("data")[0].get<float>() != right.at(json.at("model_version"))) {
      ++wrong;
    }
  }
}

TEST_F(Switch, NoRequestFailsOrMixesVersions) {
  const Artifact old_version = tiny_artifact(Task::kBinary, 7);
  const Artifact new_version = tiny_artifact(Task::kBinary, 8);
  const std::map<std::string, float> right{{"7", old_version.golden.predictions[0]},
                                           {"8", new_version.golden.predictions[0]}};
  ASSERT_NE(right.at("7"), right.at("8"));
  deploy(workspace_.root(), "front", put(old_version));
  const ServeProcess server(options());
  ASSERT_NE(server.address(), "") << server.errors();
  ASSERT_EQ(version_now(server), "7");

  std::atomic<bool> stop = false;
  std::atomic<int> asked = 0, wrong = 0;
  std::vector<std::jthread> clients;
  for (int c = 0; c < 3; ++c) {
    clients.emplace_back([&] { ask_on(server.port(), right, stop, asked, wrong); });
  }
  deploy(workspace_.root(), "front", put(new_version));
  EXPECT_TRUE(within_seconds(10, [&] { return version_now(server) == "8"; })) << server.errors();
  stop = true;
  clients.clear();
  EXPECT_GT(asked, 100);
  EXPECT_EQ(wrong, 0);
  EXPECT_NE(http_request("GET", server.url("/metrics"))
                .body.find("millrace_model_switches_total{result=\"done\"} 1"),
            std::string::npos);
}

TEST_F(Switch, ABrokenVersionDoesNotTakeOver) {
  place_.deploy(tiny_artifact(Task::kBinary, 7));
  Metrics metrics;
  EndpointFollower follower(workspace_, "front", metrics);
  follower.load_first();
  const auto log_of_two_looks = [&] {
    ::testing::internal::CaptureStderr();
    EXPECT_FALSE(follower.look());
    EXPECT_FALSE(follower.look());
    return ::testing::internal::GetCapturedStderr();
  };
  const auto version = [&] { return follower.served()->current().model->version(); };
  Artifact lying = tiny_artifact(Task::kBinary, 8);
  lying.golden.predictions[1] += 0.1F;
  for (const Digest& broken : {put(lying), workspace_.put_object("no artifact"), digest_of("not there")}) {
    place_.publish({.endpoint = "front",
                    .generation = 0,
                    .current = {"churn", 8, broken, "2026-01-01T00:00:00Z"},
                    .previous = {},
                    .candidate = {}});
    const std::string log = log_of_two_looks();
    EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;  // said once, not at each look
    EXPECT_EQ(version(), "7");
  }
  EXPECT_EQ(metrics.refused_switches, 3U);
  publish_file(workspace_.path("deploy/front/state.json"), "{");
  EXPECT_NE(log_of_two_looks(), "");
  EXPECT_EQ(version(), "7");

  place_.deploy(tiny_artifact(Task::kBinary, 9));
  EXPECT_TRUE(follower.look());
  EXPECT_EQ(version(), "9");
}

// What is damaged after it was checked is found by its digest, even where the archive would still be read.
TEST_F(Switch, AnAlteredObjectIsNotServed) {
  const Artifact artifact = tiny_artifact();
  place_.deploy(artifact);
  const std::string path = workspace_.object_path(put(artifact));
  publish_file(path, read_file(path) + " ");
  Metrics metrics;
  EndpointFollower follower(workspace_, "front", metrics);
  try {
    follower.load_first();
    ADD_FAILURE() << "served an altered artifact";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::kResource);
    EXPECT_NE(error.message().find("is damaged"), std::string::npos) << error.message();
  }
}

TEST_F(Switch, NothingDeployedNamesWhatIs) {
  deploy(workspace_.root(), "front", put(tiny_artifact()));
  ServeProcess server({"--workspace", workspace_.root(), "--endpoint", "fornt"}, false);
  EXPECT_EQ(server.wait(), 6);
  EXPECT_NE(server.errors().find("did you mean 'front'?"), std::string::npos) << server.errors();
}

}  // namespace
}  // namespace millrace
