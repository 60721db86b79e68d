// The whole pipeline on a GPU (an emulated one), and what changes when the GPU goes away.
#include <cstdlib>

#include <gtest/gtest.h>

#include "cli/workbench.hpp"

namespace millrace {
namespace {

using testing_support::ProcessResult;
using testing_support::Workbench;

class GpuPipeline : public testing::TestWithParam<int> {
 protected:
  GpuPipeline() {
    bench_.make_data();
    ::setenv("MILLRACE_CUDA_MODULE", EMULATED_MODULE, 1);
  }
  ~GpuPipeline() override {
    ::unsetenv("MILLRACE_CUDA_MODULE");
    ::unsetenv("MILLRACE_DEVICE");
  }
  // A run that ends well; whether each stage was found in the cache, by name.
  Json run(const std::vector<std::string>& more = {}) {
    std::vector<std::string> arguments{"run", "pipeline.yaml"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    result_ = bench_.millrace(arguments, GetParam());
    EXPECT_EQ(result_.exit_code, 0) << result_.err;
    Json cached = Json::object();
    const Json record = bench_.latest_run();
    for (const Json& stage : record.at("stages"))
      cached[stage.at("name").get<std::string>()] = stage.at("cached");
    return cached;
  }
  [[nodiscard]] double auc() const {
    return bench_.latest_run().at("metrics").at("test").at("auc").get<double>();
  }

  Workbench bench_;
  ProcessResult result_;
};

TEST_P(GpuPipeline, TrainsAndScoresThereAndKeysSaySo) {
  run();
  EXPECT_NE(result_.err.find("training on cuda (emulated GPU, tf32)"), std::string::npos) << result_.err;
  const double on_gpu = auc();
  const Json again = run();
  EXPECT_TRUE(again.at("train").get<bool>());
  EXPECT_TRUE(again.at("evaluate").get<bool>());
  EXPECT_TRUE(run({"--set", "deadlines.collective=7"}).at("train").get<bool>());
  EXPECT_FALSE(run({"--set", "training.precision=bf16"}).at("train").get<bool>());
  ::setenv("MILLRACE_DEVICE", "cpu", 1);
  EXPECT_FALSE(run().at("train").get<bool>());
  EXPECT_NE(result_.err.find("no GPU: MILLRACE_DEVICE is 'cpu'"), std::string::npos) << result_.err;
  EXPECT_NEAR(auc(), on_gpu, 0.01);
  EXPECT_TRUE(run({"--set", "training.precision=bf16"}).at("train").get<bool>())
      << "the CPU has one precision";
}

INSTANTIATE_TEST_SUITE_P(Ranks, GpuPipeline, testing::Values(0, 2));

}  // namespace
}  // namespace millrace
