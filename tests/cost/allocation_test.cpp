#include "cost/allocation.hpp"

#include <map>

#include <gtest/gtest.h>

namespace millrace {
namespace {

Variables variables(std::map<std::string, std::string> values) {
  return [values = std::move(values)](const char* name) {
    const auto found = values.find(name);
    return found == values.end() ? "" : found->second;
  };
}

PipelineConfig with_threads(std::uint32_t training_threads, std::uint32_t data_threads = 0) {
  PipelineConfig made;
  made.name = "churn";
  made.training.threads = training_threads;
  made.data.threads = data_threads;
  return made;
}

TEST(Allocation, IsRanksTimesThreadsWithoutAJob) {
  const Allocation held = allocation(with_threads(3), 4, variables({{"SLURM_GPUS_ON_NODE", "8"}}));
  EXPECT_EQ(held.cores, 12);
  EXPECT_EQ(held.gpus, 0);
  EXPECT_EQ(held.slurm_job, "");
  EXPECT_EQ(allocation(with_threads(1, 6), 2, variables({})).cores, 12);
  EXPECT_EQ(allocation(with_threads(1), 2, variables({})).cores, 2);
}

// As a job of two nodes with two GPUs each had them.
TEST(Allocation, IsTheJobs) {
  const Allocation held = allocation(with_threads(1), 2,
                                     variables({{"SLURM_JOB_ID", "8"},
                                                {"SLURM_JOB_CPUS_PER_NODE", "2,1"},
                                                {"SLURM_JOB_NUM_NODES", "2"},
                                                {"SLURM_GPUS_ON_NODE", "2"}}));
  EXPECT_EQ(held.cores, 3);
  EXPECT_EQ(held.gpus, 4);
  EXPECT_EQ(held.slurm_job, "8");
}

TEST(Allocation, AJobThatDoesNotSayIsTakenByRanks) {
  for (const char* cores : {"", "many", "4(x", "4(x2", "(x2)", "-1", "4,,2", "4(x0)"}) {
    const Allocation held = allocation(
        with_threads(2), 3, variables({{"SLURM_JOB_ID", "8"}, {"SLURM_JOB_CPUS_PER_NODE", cores}}));
    EXPECT_EQ(held.cores, 6) << cores;
    EXPECT_EQ(held.gpus, 0);
  }
}

TEST(Allocation, NodesAlikeAreCountedTogether) {
  EXPECT_EQ(sum_over_nodes("16"), 16);
  EXPECT_EQ(sum_over_nodes("16(x4)"), 64);
  EXPECT_EQ(sum_over_nodes("16(x4),8,2(x10)"), 92);
  EXPECT_EQ(sum_over_nodes("nonsense"), std::nullopt);
}

TEST(Allocation, TheRecordSaysWhoPaysAtWhichPrices) {
  PipelineConfig priced = with_threads(1);
  priced.cost.team = "team-a";
  priced.cost.prices.gpu_hour = 0.15;
  Json cost = begun_cost(priced, {8, 2, "4711"});
  EXPECT_EQ(cost, Json::parse(R"({"team": "team-a", "model": "churn", "currency": "EUR",
                                  "prices": {"gpu_hour": 0.15}, "cores": 8, "gpus": 2, "slurm_job": "4711",
                                  "epochs": 30})"));
  complete_cost(cost, 4, 1800);
  EXPECT_EQ(cost.at("rank_seconds"), 7200);
  EXPECT_EQ(cost.at("wall_seconds"), 1800);
  EXPECT_EQ(cost.at("core_hours"), 4);
  EXPECT_EQ(cost.at("gpu_hours"), 1);
}

TEST(Allocation, TheModelIsTheRegisteredOne) {
  PipelineConfig named = with_threads(1);
  named.registry.model = "churn-eu";
  EXPECT_EQ(begun_cost(named, {1, 0, ""}).at("model"), "churn-eu");
}

}  // namespace
}  // namespace millrace
