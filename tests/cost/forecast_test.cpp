#include "cost/forecast.hpp"

#include <gtest/gtest.h>

#include "cost/samples.hpp"

namespace millrace {
namespace {

using testing_support::prices;
using testing_support::run_usage;
using Names = std::vector<std::string>;

class Forecast : public testing::Test {
 protected:
  RunUsage& add(std::int64_t train_ms, std::uint64_t bytes = 0, std::int64_t cores = 4) {
    RunUsage run =
        run_usage(fmt::format("r{:03}", runs_.size()), "2026-11-01T00:00:00Z", 2 * train_ms, cores);
    run.begin += static_cast<Moment>(runs_.size()) * kDayMs;
    run.stages = {{"train", train_ms}};
    if (bytes > 0) run.source_bytes = bytes;
    runs_.push_back(run);
    return runs_.back();
  }
  StageForecast train(std::optional<std::uint64_t> bytes = {}) {
    coming_.source_bytes = bytes;
    return of("train");
  }
  StageForecast of(const std::string& stage) {
    coming_.stages = {stage};
    return forecast_run(runs_, coming_, prices(0.1, 2)).stages.at(0);
  }

  std::vector<RunUsage> runs_;
  ComingRun coming_{"churn", {}, {}, {}, 0, {}};
};

TEST_F(Forecast, IsTheMedianOfWhatTheStageTook) {
  for (const std::int64_t ms : {1000, 9000, 2000}) add(ms);
  EXPECT_EQ(train().cost.core_ms, 4 * 2000);
  EXPECT_EQ(train().runs, 3U);
  EXPECT_FALSE(train().by_bytes);
  add(4000);
  EXPECT_EQ(train().cost.core_ms, 4 * 3000);
}

TEST_F(Forecast, CoreTimeIsComparedWhateverTheNumberOfCores) {
  add(8000, 0, 1);
  add(2000, 0, 4);
  add(1000, 0, 8);
  EXPECT_EQ(train().cost.core_ms, 8000);
}

TEST_F(Forecast, GpusAreForetoldAsWell) {
  add(kHourMs).gpus = 8;
  EXPECT_EQ(train().cost.gpu_ms, 8 * kHourMs);
  EXPECT_EQ(train().cost.amount, Money::of(0.4 + 16, ""));
}

TEST_F(Forecast, GrowsWithTheSourcesWhereTimeHasDone) {
  for (const std::int64_t size : {1, 2, 3, 4})
    add(size * 1000 + 10, static_cast<std::uint64_t>(size) * 1'000'000);
  const StageForecast stage = train(8'000'000);
  EXPECT_TRUE(stage.by_bytes);
  EXPECT_NEAR(static_cast<double>(stage.cost.core_ms), 4 * 8000, 4 * 80);
  EXPECT_FALSE(train().by_bytes);  // of unknown size
}

TEST_F(Forecast, StaysTheMedianWhereTimeDoesNotFollowTheSources) {
  for (const std::int64_t size : {1, 2, 3, 4}) add(1000 + size, static_cast<std::uint64_t>(size) * 1'000'000);
  EXPECT_FALSE(train(8'000'000).by_bytes);
  EXPECT_NEAR(static_cast<double>(train(8'000'000).cost.core_ms), 4 * 1000, 4 * 5);
}

TEST_F(Forecast, TwoRunsTellNothingSoThatItGrowsAndOneOfUnknownSizeForbidsIt) {
  add(1000, 1'000'000);
  EXPECT_EQ(train(8'000'000).cost.core_ms, 4 * 8000);
  add(1000, 2'000'000);
  EXPECT_TRUE(train(8'000'000).by_bytes);
  add(3000);
  add(4000, 4'000'000);
  EXPECT_FALSE(train(8'000'000).by_bytes);
}

TEST_F(Forecast, RunsOfOneSizeDoNotTellSoThatItGrows) {
  for (int i = 0; i < 5; ++i) add(1000 + i, 3'000'000).epochs = 7;
  coming_.epochs = 70;
  const StageForecast stage = train(6'000'000);
  EXPECT_TRUE(stage.by_bytes && stage.by_epochs);
  EXPECT_NEAR(static_cast<double>(stage.cost.core_ms), 4 * 20 * 1002, 4);
}

TEST_F(Forecast, ATrainingGrowsWithItsEpochsToo) {
  for (const std::int64_t epochs : {1, 2, 5, 10})
    add(epochs * 1000, 3'000'000).epochs = static_cast<std::uint64_t>(epochs);
  coming_.epochs = 100;
  EXPECT_TRUE(train(3'000'000).by_epochs);
  EXPECT_EQ(train(3'000'000).cost.core_ms, 4 * 100'000);
  for (RunUsage& run : runs_) run.stages = {{"validate", 1000}};
  EXPECT_FALSE(of("validate").by_epochs);
  EXPECT_EQ(of("validate").cost.core_ms, 4000);
}

TEST_F(Forecast, ATrainingThatStopsEarlyWhateverItsEpochsDoesNotGrowWithThem) {
  for (const std::uint64_t epochs : {10, 20, 50, 100}) add(1000, 3'000'000).epochs = epochs;
  coming_.epochs = 1000;
  const StageForecast stage = train(6'000'000);
  EXPECT_FALSE(stage.by_epochs);
  EXPECT_EQ(stage.cost.core_ms, 4 * 2000);  // but with the bytes, of which nothing is known
}

TEST_F(Forecast, StagesWithoutASizeKeepTheirTimeWhateverTheCores) {
  add(1000, 1'000'000, 4).stages = {{"register", 500}};
  coming_.cores = 16;
  coming_.source_bytes = 9'000'000;
  EXPECT_EQ(of("register").cost.core_ms, 16 * 500);
  EXPECT_FALSE(of("register").by_bytes);
}

TEST_F(Forecast, RunsThatHeldAsMuchAreTakenBeforeOthers) {
  add(9000, 0, 1);
  add(1000, 0, 8);
  coming_.cores = 1;
  EXPECT_EQ(train().cost.core_ms, 9000);
  EXPECT_EQ(train().runs, 1U);
  coming_.cores = 8;
  EXPECT_EQ(train().cost.core_ms, 8000);
  coming_.cores = 2;  // as none did
  EXPECT_EQ(train().runs, 2U);
}

TEST_F(Forecast, ATrainingOnGpusSaysNothingOfOneWithout) {
  add(1000).gpus = 2;
  EXPECT_EQ(train().runs, 1U);  // whether it will hold any is not known
  coming_.with_gpus = false;
  EXPECT_EQ(train().runs, 0U);
  runs_.back().stages.push_back({"ingest", 700});
  EXPECT_EQ(of("ingest").runs, 1U);
  coming_.with_gpus = true;
  EXPECT_EQ(train().cost.gpu_ms, 2000);
  add(4000);
  EXPECT_EQ(train().runs, 1U);
}

TEST_F(Forecast, OldRunsAndOtherPipelinesDoNotCount) {
  for (int i = 0; i < 20; ++i) add(900'000);
  for (std::size_t i = 0; i < kForecastRuns; ++i) add(1000);
  add(900'000).pipeline = "other";
  EXPECT_EQ(train().cost.core_ms, 4 * 1000);
  EXPECT_EQ(train().runs, kForecastRuns);
}

TEST_F(Forecast, StagesThatNeverRanAreSaidToBeUnknown) {
  add(1000);
  coming_.stages = {"train", "deploy"};
  const RunForecast forecast = forecast_run(runs_, coming_, prices(1, 1));
  EXPECT_EQ(forecast.unknown(), Names{"deploy"});
  EXPECT_EQ(forecast.cost().core_ms, 4000);
  coming_.stages = {"train"};
  EXPECT_EQ(forecast_run({}, coming_, prices(1, 1)).unknown(), Names{"train"});
  coming_.stages = {};
  EXPECT_TRUE(forecast_run(runs_, coming_, prices(1, 1)).unknown().empty());
}

TEST_F(Forecast, WhatHasNoPriceIsNotInTheAmount) {
  add(kHourMs).gpus = 1;
  coming_.stages = {"train"};
  const CostSum cost = forecast_run(runs_, coming_, {"EUR", {}, Money::of(2, ""), {}}).cost();
  EXPECT_EQ(cost.amount, Money::of(2, ""));
  EXPECT_EQ(cost.free_core_ms, 4 * kHourMs);
}

}  // namespace
}  // namespace millrace
