#include "device/scoring_device.hpp"

#include <gtest/gtest.h>

#include "device/environment.hpp"
#include "device/load_module.hpp"
#include "model/random_network.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Environment;
using testing_support::expect_topic;
using testing_support::random_parameters;
using testing_support::RandomBatch;

Network network() {
  const NetworkSpec spec{Task::kBinary, 2, {}, {3}, 1, Activation::kRelu, 0, false};
  return {spec, random_parameters(spec, 1)};
}

void expect_refused(const ScoringDeviceOptions& options, Topic topic, const std::string& words) {
  try {
    (void)find_scoring_device(options);
    ADD_FAILURE() << "nothing was refused";
  } catch (const Error& error) {
    expect_topic(error, topic);
    EXPECT_NE(error.message().find(words), std::string::npos) << error.message();
  }
}

// 'auto' is the CPU, 'cuda' the error that says why.
void expect_none(const std::string& why) {
  EXPECT_EQ(find_scoring_device({.device = "auto"}), nullptr);
  expect_refused({.device = "cuda"}, Topic::kNoGpu, why);
}

TEST(FindingAScoringDevice, LooksForNothingForTheCpu) {
  Environment environment;
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  EXPECT_EQ(find_scoring_device({}), nullptr);
  EXPECT_EQ(find_scoring_device({.device = "cpu"}), nullptr);
}

TEST(FindingAScoringDevice, KnowsThreeWords) {
  expect_refused({.device = "gpu"}, Topic::kUnknownName, "--device 'gpu'");
}

TEST(FindingAScoringDevice, SaysWhyThereIsNone) {
  Environment environment;
  if (!has_cuda_driver()) expect_none("no CUDA driver");
  environment.set("MILLRACE_CUDA_MODULE", "/nowhere/module.so");
  expect_none("/nowhere/module.so");
  environment.set("MILLRACE_CUDA_MODULE", "libm.so.6");
  expect_none("'libm.so.6' is no module of Millrace's");
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  environment.set("FAKE_GPU_GONE", "1");
  expect_none("it is not plugged in");
  Environment::unset("FAKE_GPU_GONE");
  environment.set("MILLRACE_DEVICE", "cpu");
  expect_none("MILLRACE_DEVICE is 'cpu'");
}

TEST(FindingAScoringDevice, TakesTheRanksGpuInTurn) {
  Environment environment;
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  EXPECT_EQ(find_scoring_device({.device = "auto"})->name(), "Fake 9000");
  EXPECT_EQ(find_scoring_device({.device = "cuda"}, 1)->name(), "Fake 9001");
  EXPECT_EQ(find_scoring_device({.device = "cuda"}, 2)->name(), "Fake 9000");
}

TEST(ScoringOnADevice, MakesTheForwardPass) {
  Environment environment;
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  const auto device = find_scoring_device({.device = "cuda", .least_rows = 5});
  const Network on_cpu = network();
  const auto placed = device->place(on_cpu, "churn/7");
  const RandomBatch batch(on_cpu.spec(), 5, 2);
  std::vector<float> expected(5);
  std::vector<float> got(5);
  Network::Workspace workspace;
  on_cpu.forward(batch.view(), workspace, expected);
  ASSERT_TRUE(placed->forward(batch.view(), got));
  for (std::size_t i = 0; i < 5; ++i) EXPECT_EQ(got[i], expected[i] + 1);
  EXPECT_EQ(device->counts().rows, 5U);
}

TEST(ScoringOnADevice, IsLeftToTheCpuWhereThereIsNoRoom) {
  Environment environment;
  environment.set("MILLRACE_CUDA_MODULE", FAKE_SCORING_MODULE);
  environment.set("FAKE_GPU_FULL", "1");
  const auto device = find_scoring_device({.device = "cuda"});
  testing::internal::CaptureStderr();
  EXPECT_EQ(device->place(network(), "churn/7"), nullptr);
  const std::string log = testing::internal::GetCapturedStderr();
  EXPECT_NE(log.find("churn/7: the CPU scores it, since the GPU failed: out of memory"), std::string::npos)
      << log;
  EXPECT_EQ(device->counts().failures, 1U);
}

}  // namespace
}  // namespace millrace
