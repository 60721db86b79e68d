#include "cost/charges.hpp"

#include <random>

#include <gtest/gtest.h>

#include "cost/samples.hpp"

namespace millrace {
namespace {

using testing_support::eur;
using testing_support::prices;
using testing_support::run_usage;

constexpr Moment kNoStorage = 0;

TEST(Charges, ThirtyNightsOnEightGpusAre180) {
  std::vector<RunUsage> runs;
  for (int night = 1; night <= 30; ++night) {
    runs.push_back(run_usage(fmt::format("night-{:02}", night),
                             fmt::format("2026-11-{:02}T02:00:00.000Z", night), 5 * kHourMs, 64, 8));
  }
  const auto charges = charges_of(runs, {}, prices(0, 0.15), kNoStorage);
  EXPECT_EQ(total(charges).amount.text(), "180.00");
  EXPECT_EQ(total(charges).amount, eur(180));
  EXPECT_EQ(total(charges).gpu_ms, 8 * 5 * 30 * kHourMs);
  EXPECT_EQ(sums_by(charges, "month").at("2026-11").amount, eur(180));
  EXPECT_EQ(sums_by(charges, "day").at("2026-11-17").amount, eur(6));
}

TEST(Charges, TwoForThreeHoursAt18000Are108000) {
  const auto charges =
      charges_of({run_usage("r", "2026-11-01T00:00:00Z", 3 * kHourMs, 2)}, {}, prices(18000, 0), kNoStorage);
  EXPECT_EQ(total(charges).amount, eur(108000));
}

TEST(Charges, ARunOverTheEndOfAMonthIsChargedToBothByItsTimeInEach) {
  const auto charges = charges_of({run_usage("r", "2026-11-30T22:00:00.000Z", 5 * kHourMs, 64, 8)}, {},
                                  prices(0, 0.15), kNoStorage);
  const auto months = sums_by(charges, "month");
  ASSERT_EQ(months.size(), 2U);
  EXPECT_EQ(months.at("2026-11").amount, eur(2.4));
  EXPECT_EQ(months.at("2026-12").amount, eur(3.6));
  EXPECT_EQ(sums_by(charges, "run").at("r").amount, eur(6));
}

TEST(Charges, ARunThatEndsAtMidnightIsTheDaysBefore) {
  const auto charges =
      charges_of({run_usage("r", "2026-11-30T23:00:00Z", kHourMs, 1)}, {}, prices(1, 0), kNoStorage);
  ASSERT_EQ(charges.size(), 1U);
  EXPECT_EQ(sums_by(charges, "month").begin()->first, "2026-11");
}

TEST(Charges, WhatHasNoPriceIsNotChargedAndSaid) {
  Prices only_gpus{"EUR", {}, eur(2), {}};
  const auto sum = total(charges_of({run_usage("r", "2026-11-01T00:00:00Z", kHourMs, 4, 1)},
                                    {{moment_of("2026-11-01T00:00:00Z"), 1'000'000'000, "EUR", {}}},
                                    only_gpus, moment_of("2026-11-02T00:00:00Z")));
  EXPECT_EQ(sum.amount, eur(2));
  EXPECT_EQ(sum.free_core_ms, 4 * kHourMs);
  EXPECT_EQ(sum.free_gpu_ms, 0);
  EXPECT_EQ(sum.free_storage, sum.storage);
  EXPECT_GT(sum.storage, 0);
}

TEST(Charges, APriceOfZeroIsAPrice) {
  const auto sum =
      total(charges_of({run_usage("r", "2026-11-01T00:00:00Z", kHourMs, 4, 1)}, {}, prices(0, 0), 0));
  EXPECT_EQ(sum.amount, Money());
  EXPECT_EQ(sum.free_core_ms + sum.free_gpu_ms, 0);
}

TEST(Charges, ARunKeepsThePricesThatItBeganWith) {
  RunUsage before = run_usage("before", "2026-11-01T00:00:00Z", kHourMs, 1);
  before.prices = prices(0.10, 1);
  const RunUsage unrecorded = run_usage("unrecorded", "2026-11-02T00:00:00Z", kHourMs, 1);
  const auto sums = sums_by(charges_of({before, unrecorded}, {}, prices(0.25, 1), kNoStorage), "run");
  EXPECT_EQ(sums.at("before").amount, eur(0.10));
  EXPECT_EQ(sums.at("unrecorded").amount, eur(0.25));
}

TEST(Charges, OtherCurrenciesAreNotAdded) {
  RunUsage dollars = run_usage("dollars", "2026-11-01T00:00:00Z", kHourMs, 3);
  dollars.prices = prices(7, 7);
  dollars.prices.currency = "USD";
  const auto sum = total(charges_of({dollars}, {}, prices(1, 1), kNoStorage));
  EXPECT_EQ(sum.amount, Money());
  EXPECT_EQ(sum.free_core_ms, 3 * kHourMs);
}

TEST(Charges, StorageIsChargedFromMeasureToMeasureAndUntilNow) {
  // 1 GB for 10 days, nothing measured between, then 3 GB for 5 hours.
  const std::vector<StorageMeasure> measures{
      {moment_of("2026-11-25T00:00:00Z"), 1'000'000'000, "EUR", eur(73)},
      {moment_of("2026-12-05T00:00:00Z"), 3'000'000'000, "EUR", eur(73)}};
  const auto charges = charges_of({}, measures, prices(0, 0, 1), moment_of("2026-12-05T05:00:00Z"));
  const auto months = sums_by(charges, "month");
  EXPECT_EQ(months.at("2026-11").amount.text(), "14.40");  // 6 × 24 h of 1 GB at 0.10 an hour
  EXPECT_EQ(months.at("2026-12").amount.text(), "11.10");  // 4 × 24 h, and 5 h of 3 GB
  EXPECT_EQ(sums_by(charges, "model").size(), 1U);
  EXPECT_TRUE(sums_by(charges, "model").contains(kStorageGroup));
}

TEST(Charges, AClockThatWasSetBackChargesNothingTwice) {
  const std::vector<StorageMeasure> measures{
      {moment_of("2026-11-25T00:00:00Z"), 1'000'000'000, "EUR", eur(73)}};
  EXPECT_EQ(total(charges_of({}, measures, prices(0, 0), moment_of("2026-11-24T00:00:00Z"))).amount, Money());
}

RunUsage random_run(std::mt19937_64& random, int number) {
  const auto below = [&](std::uint64_t bound) { return static_cast<std::int64_t>(random() % bound); };
  RunUsage run = run_usage(fmt::format("run-{}", number), "2026-01-01T00:00:00Z", below(3 * kDayMs),
                           below(500), below(9));
  run.begin += below(400 * kDayMs);
  run.model = fmt::format("model-{}", below(5));
  run.team = below(4) == 0 ? "" : fmt::format("team-{}", below(3));
  if (below(3) == 0) run.prices = prices(0.01 * static_cast<double>(below(100)), 1.0 / 3);
  return run;
}

TEST(Charges, AreTheSameHoweverTheyAreGrouped) {
  for (unsigned seed = 1; seed <= 30; ++seed) {
    std::mt19937_64 random(seed);
    std::vector<RunUsage> runs;
    std::int64_t core_ms = 0;
    for (int i = 0; i < 100; ++i) {
      runs.push_back(random_run(random, i));
      core_ms += runs.back().core_ms;
    }
    const std::vector<StorageMeasure> measures{
        {moment_of("2026-03-04T05:06:07.891Z"), random() % 1'000'000'000'000, "EUR", eur(1.0 / 7)}};
    const auto charges =
        charges_of(runs, measures, prices(1.0 / 7, 2.0 / 9), moment_of("2026-12-01T00:00:01Z"));
    const CostSum all = total(charges);
    EXPECT_EQ(all.core_ms, core_ms);
    for (const char* by : {"run", "model", "team", "day", "month"}) {
      CostSum sum;
      for (const auto& [name, cost] : sums_by(charges, by)) sum += cost;
      EXPECT_EQ(sum, all) << by << ", seed " << seed;
    }
  }
}

// Each charge is off by half a millionth at most, twice for cores and GPUs.
TEST(Charges, RoundingIsBoundedByTheNumberOfCharges) {
  std::mt19937_64 random(7);
  std::vector<RunUsage> runs;
  long double exact = 0;
  for (int i = 0; i < 500; ++i) {
    runs.push_back(random_run(random, i));
    runs.back().prices = prices(0.123457, 2.654321);
    exact += static_cast<long double>(runs.back().core_ms) * 0.123457L / kHourMs;
    exact += static_cast<long double>(runs.back().gpu_ms) * 2.654321L / kHourMs;
  }
  const auto charges = charges_of(runs, {}, prices(0, 0), kNoStorage);
  EXPECT_NEAR(total(charges).amount.value(), static_cast<double>(exact),
              1e-6 * static_cast<double>(charges.size()) + 1e-9);
}

}  // namespace
}  // namespace millrace
