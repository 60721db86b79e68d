// A server with a GPU: which requests it scores, and what comes of its failures. The GPU is a fake whose
// logits are larger by one: the tiny regression's predictions by ten.
#include <gtest/gtest.h>

#include "device/environment.hpp"
#include "device/scoring_device.hpp"
#include "serve_process.hpp"
#include "support/topics.hpp"
#include "tiny_service.hpp"

namespace millrace {
namespace {

using testing_support::Environment;
using testing_support::expect_topic;
using testing_support::golden_rows;
using testing_support::ServeProcess;
using testing_support::tiny_artifact;
using testing_support::TinyService;

class ServingOnAGpu : public testing::Test {
 protected:
  ServingOnAGpu() { environment_.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE); }

  static std::vector<float> ask(const TinyService& service, std::size_t rows) {
    Json body{{"rows", Json::array()}};
    for (std::size_t r = 0; r < rows; ++r) body["rows"].push_back(golden_rows()[r]);
    std::vector<float> values;
    const Json answer = service.predict_rows(body.dump());
    for (const Json& prediction : answer.at("predictions"))
      values.push_back(prediction.at("value").get<float>());
    return values;
  }
  static void expect_higher_by(float difference, const std::vector<float>& got, const Artifact& artifact) {
    for (std::size_t r = 0; r < got.size(); ++r)
      EXPECT_NEAR(got[r], artifact.golden.predictions[r] + difference, 1e-4F) << "row " << r;
  }
  static void expect_metric(const TinyService& service, const std::string& line) {
    const std::string text(service.get("/metrics").body);
    EXPECT_NE(text.find("\n" + line + "\n"), std::string::npos) << line << " is not in\n" << text;
  }

  Environment environment_;
};

TEST_F(ServingOnAGpu, ScoresBatchesThatAreLargeEnough) {
  const auto device = find_scoring_device({.device = "cuda", .least_rows = 2});
  const TinyService service(Task::kRegression, {}, nullptr, device.get());
  EXPECT_EQ(ask(service, 1).front(), service.artifact.golden.predictions.front());
  expect_metric(service, "millrace_device_batches_total 0");
  expect_higher_by(10, ask(service, 2), service.artifact);
  expect_higher_by(10, ask(service, 3), service.artifact);
  expect_metric(service, "millrace_device_batches_total 2");
  expect_metric(service, "millrace_device_rows_total 5");
  expect_metric(service, "millrace_device_failures_total 0");
}

TEST_F(ServingOnAGpu, AnswersFromTheCpuWhereItFails) {
  const auto device = find_scoring_device({.device = "cuda", .least_rows = 2});
  const TinyService service(Task::kRegression, {}, nullptr, device.get());
  environment_.set("FAKE_GPU_FAILS", "1");
  for (int i = 0; i < 3; ++i) {
    const auto answered = ask(service, 3);
    EXPECT_EQ(answered, std::vector<float>(service.artifact.golden.predictions));
  }
  expect_metric(service, "millrace_device_batches_total 0");
  expect_metric(service, "millrace_device_failures_total 1");
  expect_metric(
      service, R"(nv_inference_request_failure{model="churn",version="7",arm="current",reason="BACKEND"} 0)");
}

TEST_F(ServingOnAGpu, AnswersFromTheCpuWhereAModelFindsNoRoom) {
  const auto device = find_scoring_device({.device = "cuda", .least_rows = 2});
  environment_.set("FAKE_GPU_FULL", "1");
  TinyService service(Task::kRegression, {}, nullptr, device.get());
  EXPECT_EQ(ask(service, 3), std::vector<float>(service.artifact.golden.predictions));
  expect_metric(service, "millrace_device_failures_total 1");
  Environment::unset("FAKE_GPU_FULL");
  const Artifact next = tiny_artifact(Task::kRegression, 8);
  service.place.deploy(next);
  service.look();
  expect_higher_by(10, ask(service, 3), next);
}

TEST_F(ServingOnAGpu, IsNotShownWhereThereIsNone) {
  const TinyService service(Task::kRegression);
  EXPECT_EQ(service.get("/metrics").body.find("millrace_device"), std::string::npos);
}

TEST_F(ServingOnAGpu, IsAskedForOnTheCommandLine) {
  const testing_support::TemporaryFolder folder;
  const std::string path = folder / "churn.tar.zst";
  write_artifact(path, tiny_artifact());
  ServeProcess server({"--artifact", path, "--device", "auto", "--device-rows", "9"});
  ASSERT_NE(server.address(), "") << server.errors();
  server.stop();
  EXPECT_EQ(server.wait(), 0);
  EXPECT_NE(server.errors().find("batches of 9 rows and more are scored on a GPU (Fake 9000)"),
            std::string::npos)
      << server.errors();

  environment_.set("FAKE_GPU_GONE", "1");
  ServeProcess without({"--artifact", path, "--device", "cuda"}, false);
  const int code = without.wait();
  expect_topic(code, without.errors(), Topic::kNoGpu);
  EXPECT_NE(without.errors().find("--device is 'cuda', but there is no GPU to use: it is not plugged in"),
            std::string::npos)
      << without.errors();
}

}  // namespace
}  // namespace millrace
