#include "training/device.hpp"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>

#include "device/load_module.hpp"
#include "support/tables.hpp"
#include "training/made_rows.hpp"

namespace millrace {
namespace {

using testing_support::contains;
using testing_support::error_of;
using testing_support::SharedFolder;
using testing_support::SmallRun;

// The environment of each test is its own.
class ChosenDevice : public testing::Test {
 protected:
  ~ChosenDevice() override {
    for (const std::string& name : set_) ::unsetenv(name.c_str());
  }
  void set(const std::string& name, const std::string& value) {
    ::setenv(name.c_str(), value.c_str(), 1);
    set_.push_back(name);
  }
  Device choose(const std::string& setting) {
    config_.device = setting;
    return choose_device(comm_, config_);
  }
  // 'auto' leads to the CPU and says `reason`; 'cuda' is a resource error that says it too.
  void expect_none(const std::string& reason) {
    const Device device = choose("auto");
    EXPECT_EQ(device.name, "cpu");
    EXPECT_EQ(device.module, nullptr);
    EXPECT_TRUE(contains(device.reason, reason)) << device.reason;
    const std::string error = error_of([&] { choose("cuda"); });
    EXPECT_TRUE(contains(error, "6: training.device is 'cuda', but")) << error;
    EXPECT_TRUE(contains(error, reason)) << error;
    EXPECT_EQ(choose("cpu").reason, "");
  }

  Communicator comm_ = Communicator::world();
  TrainingConfig config_;

 private:
  std::vector<std::string> set_;
};

TEST_F(ChosenDevice, OtherWordsAreUsageErrors) {
  EXPECT_TRUE(contains(error_of([&] { choose("gpu"); }), "2: training.device 'gpu'"));
  set("MILLRACE_DEVICE", "gpu");
  EXPECT_TRUE(contains(error_of([&] { choose("auto"); }), "2: MILLRACE_DEVICE is 'gpu'"));
}

TEST_F(ChosenDevice, IsTheCpuWithoutADriver) {
  if (has_cuda_driver()) GTEST_SKIP() << "a CUDA driver is installed here";
  expect_none("no CUDA driver");
  const Device device = choose("auto");
  const NetworkSpec spec = testing_support::small_spec();
  const auto backend = make_backend(comm_, device, spec, config_, BackendUse::kTraining);
  const std::string description = describe(device, *backend);
  EXPECT_TRUE(description.starts_with("cpu (OpenBLAS")) << description;
  EXPECT_TRUE(contains(description, "; no GPU: no CUDA driver")) << description;
}

TEST_F(ChosenDevice, IsTheCpuWhereTheUserForbidsTheGpu) {
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  set("MILLRACE_DEVICE", "cpu");
  expect_none("MILLRACE_DEVICE is 'cpu'");
}

TEST_F(ChosenDevice, IsTheCpuWhereTheModuleIsMissingOrNoModule) {
  set("MILLRACE_CUDA_MODULE", "/nowhere/module.so");
  expect_none("/nowhere/module.so");
  const SharedFolder folder(comm_);
  if (comm_.is_root()) std::ofstream(folder / "text.so") << "no library";
  comm_.barrier();
  set("MILLRACE_CUDA_MODULE", folder / "text.so");
  expect_none("text.so");
  set("MILLRACE_CUDA_MODULE", "libm.so.6");
  expect_none("'libm.so.6' is no module of Millrace's");
}

TEST_F(ChosenDevice, IsTheCpuWhereTheModuleIsOfAnotherBuild) {
  set("MILLRACE_CUDA_MODULE", OTHER_VERSION);
  expect_none("belongs to version 0.0.1+other");
}

TEST_F(ChosenDevice, IsTheGpuThatEachRankHasForItself) {
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  for (const char* setting : {"auto", "cuda"}) {
    const Device device = choose(setting);
    EXPECT_EQ(device.name, "cuda");
    EXPECT_EQ(device.found, "Fake 9000");
    EXPECT_EQ(device.reason, "");
    EXPECT_EQ(device.joined, comm_.size() > 1);
    EXPECT_EQ(device.gradients, comm_.size() > 1 ? "FakeNet 1" : "");
  }
  const Device device = choose("auto");
  const NetworkSpec spec = testing_support::small_spec();
  const auto training = make_backend(comm_, device, spec, config_, BackendUse::kTraining);
  EXPECT_EQ(describe(device, *training), comm_.size() > 1 ? "fake, joined; gradients by FakeNet 1" : "fake");
  const auto scoring = make_backend(comm_, device, spec, config_, BackendUse::kScoring);
  EXPECT_EQ(scoring->description(), "fake");
  EXPECT_EQ(training_device(comm_, config_), "cuda tf32");
}

TEST_F(ChosenDevice, SumsGradientsOverMpiWhereGpusCannot) {
  if (comm_.size() == 1) GTEST_SKIP() << "one rank sums nothing";
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  config_.deterministic = true;
  EXPECT_EQ(choose("auto").gradients, "MPI: deterministic");
  config_.deterministic = false;
  set("FAKE_GPU_NO_COLLECTIVES", "no FakeNet here");
  EXPECT_EQ(choose("auto").gradients, "MPI: no FakeNet here");
  set("FAKE_GPU_SHARED", "yes");
  const Device device = choose("auto");
  EXPECT_EQ(device.gradients, "MPI: ranks share a GPU");
  EXPECT_FALSE(device.joined);
}

TEST_F(ChosenDevice, GroupsTakeTheGpusOfTheirHostInTurn) {
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  set("FAKE_GPU_THREE", "yes");
  const Communicator group = comm_.split(comm_.rank());
  EXPECT_EQ(choose_device(group, config_).index, comm_.rank() % 3);
  EXPECT_EQ(choose("auto").index, comm_.rank() % 3);
}

TEST_F(ChosenDevice, IsTheCpuOnAllRanksWhereOneLacksAGpu) {
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  const int last = comm_.size() - 1;
  set("FAKE_GPU_LACKS_RANK", std::to_string(last));
  expect_none(last == 0 ? "it fell off the bus" : fmt::format("rank {} on ", last));
  EXPECT_EQ(training_device(comm_, config_), "cpu");
}

TEST_F(ChosenDevice, TrainsThroughAModuleAsThroughTheExecutable) {
  SmallRun run;
  run.config.device = "cpu";
  const TrainingResult here = run.train();
  set("MILLRACE_CUDA_MODULE", FAKE_MODULE);
  run.config.device = "auto";
  const TrainingResult there = run.train();
  EXPECT_EQ(here.parameters, there.parameters);
  EXPECT_TRUE(there.device.starts_with("fake")) << there.device;
}

}  // namespace
}  // namespace millrace
