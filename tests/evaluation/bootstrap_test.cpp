#include "evaluation/bootstrap.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "evaluation/resamples.hpp"
#include "random_shards.hpp"

namespace millrace {
namespace {

using namespace testing_support;

Bootstrap on_all_ranks(const std::vector<ScoredShard>& shards, const EvaluationOptions& options,
                       std::uint32_t wanted) {
  return bootstrap_metrics(Communicator::world(), of_this_rank(shards),
                           static_cast<std::uint32_t>(shards.size()), options, wanted);
}

TEST(Bootstrap, DoesNotDependOnTheNumberOfRanks) {
  for (const auto& options : {kBinary, kThreeClasses, kRegression}) {
    const auto shards = random_shards(options, 7);
    const Json expected = bootstrap_metrics(Communicator::self(), shards, 7, options, 200);
    EXPECT_EQ(expected["resamples"], 200);
    EXPECT_EQ(Json(on_all_ranks(shards, options, 200)), expected);
  }
}

// A resample is the data with each row as often as its weight says: with one resample only, both ends of
// an interval are the metric of those rows.
TEST(Bootstrap, AResampleHasTheMetricsOfItsRows) {
  for (const auto& options : {kBinary, kThreeClasses, kRegression}) {
    const auto shards = random_shards(options, 5);
    std::vector<ScoredShard> resampled;
    for (const ScoredShard& shard : shards) {
      resampled.push_back({shard.shard, {}, {}});
      for (std::size_t row = 0; row < shard.targets.size(); ++row) {
        const auto outputs = std::span(shard.predictions).subspan(row * options.outputs, options.outputs);
        for (std::uint32_t w = poisson_weights(resample_key(0), shard.shard, row)[0]; w > 0; --w) {
          resampled.back().targets.push_back(shard.targets[row]);
          auto& predictions = resampled.back().predictions;
          predictions.insert(predictions.end(), outputs.begin(), outputs.end());
        }
      }
    }
    const auto expected = evaluate(Communicator::self(), resampled, 5, options).metrics;
    const Bootstrap found = on_all_ranks(shards, options, 1);
    EXPECT_GE(found.intervals.size(), 3U);
    for (const auto& [metric, interval] : found.intervals) {
      EXPECT_EQ(interval.first, interval.second);
      EXPECT_NEAR(interval.first, expected.at(metric), 1e-9 * (1 + std::abs(expected.at(metric)))) << metric;
    }
  }
}

// Means of independent rows are near normal: their 95 % interval is 2 · 1.96 standard errors wide. A quantile
// of 1,000 resamples at 2.5 % has a standard error of 0.085 standard errors of the metric, the width of 0.12:
// four of them are allowed.
TEST(Bootstrap, IntervalsOfMeansAreAsWideAsTheNormalDistributionSays) {
  CounterRandom random(3);
  ScoredShard shard{0, {}, {}};
  for (int row = 0; row < 4000; ++row) {
    shard.predictions.push_back(static_cast<float>(random.uniform()));
    shard.targets.push_back(random.uniform() < shard.predictions.back() ? 1 : 0);
  }
  const double accuracy = evaluate(Communicator::self(), {shard}, 1, kBinary).metrics.at("accuracy");
  const auto [low, high] = on_all_ranks({shard}, kBinary, 1000).intervals.at("accuracy");
  const double standard_error = std::sqrt(accuracy * (1 - accuracy) / 4000);
  EXPECT_NEAR((high - low) / standard_error, 2 * 1.96, 4 * 0.12);
  EXPECT_NEAR((low + high) / 2, accuracy, 4 * 0.12 * standard_error);
}

// Means over 256,000 draws: standard errors of 0.002 (mean) and sqrt((1 + 2) / 256000) = 0.0034 (variance).
TEST(Bootstrap, WeightsAreOfPoissonsDistribution) {
  double sum = 0;
  double squares = 0;
  double none = 0;
  constexpr int kRows = 2000;
  for (std::uint64_t row = 0; row < kRows; ++row) {
    for (const double weight : poisson_weights(resample_key(row % 3), 7, row)) {
      sum += weight;
      squares += (weight - 1) * (weight - 1);
      none += weight == 0 ? 1 : 0;
    }
  }
  constexpr double kDraws = kRows * static_cast<double>(kResampleBlock);
  EXPECT_NEAR(sum / kDraws, 1, 5 * 0.002);
  EXPECT_NEAR(squares / kDraws, 1, 5 * 0.0034);
  EXPECT_NEAR(none / kDraws, std::exp(-1), 5 * 0.001);
}

TEST(Bootstrap, WhatIsUndefinedHasNoInterval) {
  const ScoredShard one_class{0, {0.5F, 0.25F}, {1, 1}};
  const auto intervals = on_all_ranks({one_class}, kBinary, 100).intervals;
  EXPECT_FALSE(intervals.contains("auc"));
  EXPECT_TRUE(intervals.contains("log_loss"));
  EXPECT_EQ(on_all_ranks({}, kBinary, 100).resamples, 0U);
  EXPECT_EQ(on_all_ranks({one_class}, kBinary, 0).resamples, 0U);
}

}  // namespace
}  // namespace millrace
