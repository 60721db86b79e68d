#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "evaluation/metrics.hpp"
#include "random_shards.hpp"

namespace millrace {
namespace {

using namespace testing_support;

// Evaluates with shard i on rank owner(i).
template <class Owner>
Evaluation distributed(const std::vector<ScoredShard>& shards, const EvaluationOptions& options,
                       Owner owner) {
  const auto world = Communicator::world();
  std::vector<ScoredShard> mine;
  for (const ScoredShard& shard : shards) {
    if (owner(static_cast<int>(shard.shard)) % world.size() == world.rank()) mine.push_back(shard);
  }
  return evaluate(world, mine, static_cast<std::uint32_t>(shards.size()), options);
}

Evaluation distributed(const std::vector<ScoredShard>& shards, const EvaluationOptions& options) {
  return distributed(shards, options, [](int shard) { return shard; });
}

ScoredShard all_rows(const std::vector<ScoredShard>& shards) {
  ScoredShard all;
  for (const ScoredShard& shard : shards) {
    all.targets.insert(all.targets.end(), shard.targets.begin(), shard.targets.end());
    all.predictions.insert(all.predictions.end(), shard.predictions.begin(), shard.predictions.end());
  }
  return all;
}

std::string bytes_of(const Evaluation& evaluation) {
  return canonical_json({{"metrics", evaluation.metrics}, {"curves", evaluation.curves}});
}

// The same bytes as from one process that holds every shard, whichever rank holds which.
TEST(Evaluate, DoesNotDependOnTheNumberOfRanks) {
  for (const auto& options : {kBinary, kThreeClasses, kRegression}) {
    const auto shards = random_shards(options, 7);
    const std::string expected = bytes_of(evaluate(Communicator::self(), shards, 7, options));
    EXPECT_EQ(bytes_of(distributed(shards, options)), expected);
    EXPECT_EQ(bytes_of(distributed(shards, options, [](int) { return 0; })), expected) << "empty ranks";
    EXPECT_EQ(bytes_of(distributed(shards, options, [](int shard) { return 100 - shard / 2; })), expected);
  }
}

TEST(Evaluate, BinaryMetricsFollowTheirDefinitions) {
  const auto shards = random_shards(kBinary, 5);
  const auto all = all_rows(shards);
  const auto n = static_cast<double>(all.targets.size());
  double loss = 0;
  double hits = 0;
  double true_positives = 0;
  double predicted = 0;
  double actual = 0;
  for (std::size_t i = 0; i < all.targets.size(); ++i) {
    const double p = all.predictions[i];
    const bool positive = all.targets[i] != 0;
    loss -= positive ? std::log(p) : std::log(1 - p);
    hits += (p >= 0.4) == positive;
    true_positives += p >= 0.4 && positive;
    predicted += p >= 0.4;
    actual += positive;
  }
  auto metrics = distributed(shards, kBinary).metrics;
  EXPECT_EQ(metrics["rows"], n);
  EXPECT_NEAR(metrics["log_loss"], loss / n, 1e-6);
  EXPECT_DOUBLE_EQ(metrics["accuracy"], hits / n);
  EXPECT_DOUBLE_EQ(metrics["precision"], true_positives / predicted);
  EXPECT_DOUBLE_EQ(metrics["recall"], true_positives / actual);
  EXPECT_DOUBLE_EQ(metrics["f1"], 2 * true_positives / (predicted + actual));
  EXPECT_DOUBLE_EQ(metrics["positive_share"], actual / n);
  EXPECT_EQ(metrics["auc"], exact_auc(Communicator::self(), all.predictions, all.targets));
  EXPECT_LT(metrics["calibration_error"], 0.1) << "targets were drawn with the predicted probabilities";
}

// By hand; scikit-learn gives the same figures.
TEST(Evaluate, BinaryByHand) {
  const ScoredShard shard{0, {0.1F, 0.4F, 0.35F, 0.8F}, {0, 0, 1, 1}};
  auto result = distributed({shard}, {Task::kBinary, 1, 0.5, 2});
  EXPECT_EQ(result.metrics["auc"], 0.75);
  EXPECT_EQ(result.metrics["accuracy"], 0.75);
  EXPECT_EQ(result.metrics["precision"], 1);
  EXPECT_EQ(result.metrics["recall"], 0.5);
  EXPECT_NEAR(result.metrics["f1"], 2.0 / 3, 1e-15);
  EXPECT_NEAR(result.metrics["log_loss"], 0.47228795380917615, 1e-7);
  EXPECT_NEAR(result.metrics["brier"], (0.01 + 0.16 + 0.4225 + 0.04) / 4, 1e-7);
  // Bins [0, ½) with mean 0.28333, share 1/3, and [½, 1] with 0.8, 1.
  EXPECT_NEAR(result.metrics["calibration_error"], (3 * (1.0 / 3 - 0.85 / 3) + 0.2) / 4, 1e-7);
  ASSERT_EQ(result.curves["calibration"].size(), 2U);
  EXPECT_EQ(result.curves["calibration"][0]["rows"], 3);
  EXPECT_EQ(result.curves["roc"], Json({{0.0, 0.0}, {0.0, 0.5}, {0.5, 0.5}, {0.5, 1.0}, {1.0, 1.0}}));
}

TEST(Evaluate, MulticlassByHand) {
  // Predicted 0, 1, 1, 0 (a tie goes to the first); class 3 occurs nowhere and does not count.
  const ScoredShard shard{
      0, {0.7F, 0.2F, 0.1F, 0, 0.1F, 0.8F, 0.1F, 0, 0.3F, 0.5F, 0.2F, 0, 0.5F, 0.5F, 0, 0}, {0, 1, 2, 1}};
  auto metrics = distributed({shard}, {Task::kMulticlass, 4, 0.5, 10}).metrics;
  EXPECT_EQ(metrics["accuracy"], 0.5);
  EXPECT_NEAR(metrics["f1"], (2.0 / 3 + 1.0 / 2 + 0) / 3, 1e-15);
  EXPECT_NEAR(metrics["log_loss"], -(std::log(0.7) + std::log(0.8) + std::log(0.2) + std::log(0.5)) / 4,
              1e-7);
  EXPECT_EQ(metrics["rows"], 4);
  EXPECT_NEAR(metrics["brier"], (0.14 + 0.06 + 0.98 + 0.5) / 4, 1e-7);
  // Of the likeliest class: 0.7 and 0.8 were right, neither of the two of 0.5 was.
  EXPECT_NEAR(metrics["calibration_error"], (0.3 + 0.2 + 2 * 0.5) / 4, 1e-7);
}

TEST(Evaluate, RegressionByHand) {
  const ScoredShard shard{0, {2.5F, 0, 2, 8}, {3, -0.5F, 2, 7}};
  auto metrics = distributed({shard}, kRegression).metrics;
  EXPECT_DOUBLE_EQ(metrics["rmse"], std::sqrt(0.375));
  EXPECT_DOUBLE_EQ(metrics["mae"], 0.5);
  EXPECT_NEAR(metrics["r2"], 0.9486081370449679, 1e-15);
}

TEST(Evaluate, EqualTargetsLeaveNothingToExplain) {
  EXPECT_EQ(distributed({{0, {1, 1}, {1, 1}}}, kRegression).metrics["r2"], 1);
  EXPECT_EQ(distributed({{0, {1, 2}, {1, 1}}}, kRegression).metrics["r2"], 0);
  EXPECT_FALSE(distributed({{0, {1}, {2}}}, kRegression).metrics.contains("r2"));
}

TEST(Evaluate, OneClassHasNoCurveButALoss) {
  for (const float target : {0.0F, 1.0F}) {
    auto result = distributed({{0, {0, 1, 0.5F}, {target, target, target}}}, kBinary);
    EXPECT_FALSE(result.metrics.contains("auc"));
    EXPECT_FALSE(result.curves.contains("roc"));
    EXPECT_TRUE(std::isfinite(result.metrics["log_loss"]))
        << "a probability of 0 for what happened is clipped";
    EXPECT_EQ(result.metrics["positive_share"], target);
    EXPECT_EQ(result.metrics["recall"], target == 0 ? 0 : 2.0 / 3);
  }
}

TEST(Evaluate, NoRowsHaveNoMetricsButTheirNumber) {
  for (const auto& options : {kBinary, kThreeClasses, kRegression}) {
    const std::map<std::string, double> nothing{{"rows", 0}};
    EXPECT_EQ(evaluate(Communicator::world(), {}, 0, options).metrics, nothing);
    EXPECT_EQ(distributed({{0, {}, {}}, {1, {}, {}}}, options).metrics, nothing);
  }
}

TEST(Evaluate, TheRocCurveRisesAndIsShort) {
  std::vector<ScoredShard> shards(1);
  CounterRandom random(5);
  for (int i = 0; i < 20'000; ++i) {
    shards[0].predictions.push_back(static_cast<float>(random.uniform()));
    shards[0].targets.push_back(random.uniform() < shards[0].predictions.back() ? 1 : 0);
  }
  const auto result = distributed(shards, kBinary);
  const auto curve = result.curves.at("roc").get<std::vector<std::vector<double>>>();
  ASSERT_LE(curve.size(), 200U);
  ASSERT_GE(curve.size(), 50U);
  double area = 0;
  for (std::size_t i = 1; i < curve.size(); ++i) {
    ASSERT_GE(curve[i][0], curve[i - 1][0]);
    ASSERT_GE(curve[i][1], curve[i - 1][1]);
    area += (curve[i][0] - curve[i - 1][0]) * (curve[i][1] + curve[i - 1][1]) / 2;
  }
  EXPECT_EQ(curve.back(), (std::vector<double>{1, 1}));
  EXPECT_NEAR(area, result.metrics.at("auc"), 2e-3);
}

// The mistake is on one rank alone; every rank must hear of it.
TEST(Evaluate, RefusesWhatIsNoPrediction) {
  constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();
  EXPECT_THROW(distributed({{0, {kNaN, 0.5F}, {0, 1}}}, kBinary), Error);
  EXPECT_THROW(distributed({{0, {0.5F, 0.5F}, {0, 2}}}, kBinary), Error);
  EXPECT_THROW(distributed({{0, {0.5F}, {0, 1}}}, kBinary), Error);
  EXPECT_THROW(distributed({{0, {0.5F, 0.5F, 0}, {3}}}, kThreeClasses), Error);
  EXPECT_THROW(distributed({{9, {0.5F}, {0}}}, kBinary), Error);
}

}  // namespace
}  // namespace millrace
