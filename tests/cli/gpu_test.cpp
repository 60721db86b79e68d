// The whole pipeline on a GPU (an emulated one), and what changes when the GPU goes away.
#include <algorithm>
#include <cstdlib>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/text.hpp"
#include "cli/workbench.hpp"
#include "support/topics.hpp"

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
  const Json cost = bench_.latest_run().at("cost");
  EXPECT_GE(cost.at("gpus"), 1);
  EXPECT_LE(cost.at("gpus"), std::max(1, GetParam()));
  EXPECT_GT(cost.at("gpu_hours"), 0);
  const Json again = run();
  EXPECT_TRUE(again.at("train").get<bool>());
  EXPECT_TRUE(again.at("evaluate").get<bool>());
  EXPECT_EQ(bench_.latest_run().at("cost").at("gpus"), 0) << "it computed on none";
  EXPECT_TRUE(run({"--set", "deadlines.collective=7"}).at("train").get<bool>());
  EXPECT_FALSE(run({"--set", "training.precision=bf16"}).at("train").get<bool>());
  ::setenv("MILLRACE_DEVICE", "cpu", 1);
  EXPECT_FALSE(run().at("train").get<bool>());
  EXPECT_NE(result_.err.find("no GPU: MILLRACE_DEVICE is 'cpu'"), std::string::npos) << result_.err;
  EXPECT_NEAR(auc(), on_gpu, 0.01);
  EXPECT_TRUE(run({"--set", "training.precision=bf16"}).at("train").get<bool>())
      << "the CPU has one precision";
}

// The column `probability` of scores in CSV.
std::vector<double> probabilities(const std::string& csv) {
  const auto lines = split(csv, '\n');
  std::vector<double> values;
  for (std::size_t i = 1; i + 1 < lines.size(); ++i) values.push_back(std::stod(split(lines[i], ',').at(3)));
  return values;
}

// Both devices compute in fp32; the tiny network's sums differ by some units of 2⁻²⁴.
TEST_P(GpuPipeline, PredictsOnIt) {
  bench_.make_data(2, 1500);  // more rows in a file than a GPU's batch has at least
  run({"--set", "training.device=cpu"});
  const auto predict = [&](const std::string& out, const std::string& device) {
    return bench_.millrace({"predict", "test", "data", "--out", out, "--device", device}, GetParam());
  };
  const auto on_cpu = predict("cpu.csv", "cpu");
  ASSERT_EQ(on_cpu.exit_code, 0) << on_cpu.err;
  const auto on_gpu = predict("gpu.csv", "cuda");
  ASSERT_EQ(on_gpu.exit_code, 0) << on_gpu.err;
  EXPECT_NE(on_gpu.err.find("scoring on a GPU (emulated GPU)"), std::string::npos) << on_gpu.err;
  const auto expected = probabilities(read_file(bench_.path("cpu.csv")));
  const auto got = probabilities(read_file(bench_.path("gpu.csv")));
  ASSERT_EQ(got.size(), expected.size());
  ASSERT_GE(got.size(), 3000U);
  for (std::size_t i = 0; i < got.size(); ++i) EXPECT_NEAR(got[i], expected[i], 1e-5) << "row " << i;
  EXPECT_NE(got, expected) << "to the bit: was it the CPU that answered?";

  const auto other = predict("cpu.csv", "cuda");
  testing_support::expect_topic(other.exit_code, other.err, Topic::kOtherScores);
  ::setenv("MILLRACE_DEVICE", "cpu", 1);
  const auto forbidden = predict("none.csv", "cuda");
  testing_support::expect_topic(forbidden.exit_code, forbidden.err, Topic::kNoGpu);
  EXPECT_NE(forbidden.err.find("MILLRACE_DEVICE is 'cpu'"), std::string::npos) << forbidden.err;
  const auto automatic = predict("auto.csv", "auto");
  EXPECT_EQ(automatic.exit_code, 0) << automatic.err;
  EXPECT_EQ(read_file(bench_.path("auto.csv")), read_file(bench_.path("cpu.csv")));
}

INSTANTIATE_TEST_SUITE_P(Ranks, GpuPipeline, testing::Values(0, 2));

}  // namespace
}  // namespace millrace
