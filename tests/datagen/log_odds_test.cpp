#include "datagen/log_odds.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "datagen/day_file.hpp"

namespace millrace::datagen {
namespace {

constexpr DayPlan kPlan{.day = 20727, .rows = 40000, .seed = 3};

double probability(int log_odds) {
  return 1.0 / (1.0 + std::exp(-static_cast<double>(log_odds) / kLogOddsScale));
}

// In each band of the log-odds the share of positives is what they promise, within four deviations.
TEST(LogOdds, LabelsKeepThePromise) {
  constexpr int kBand = kLogOddsScale / 2;
  struct Sums {
    double expected = 0, variance = 0, positives = 0;
  };
  std::vector<Sums> bands(kLogOddsLevels / kBand);
  for (std::uint64_t row = 0; row < kPlan.rows; ++row) {
    const LabelledRow drawn = draw_row(kPlan, row);
    const double p = probability(drawn.log_odds);
    Sums& band = bands[(drawn.log_odds + kLogOddsLevels / 2) / kBand];
    band.expected += p;
    band.variance += p * (1 - p);
    band.positives += drawn.row.churned;
  }
  int filled = 0;
  for (const Sums& band : bands) {
    if (band.variance < 5) continue;
    ++filled;
    EXPECT_NEAR(band.positives, band.expected, 4 * std::sqrt(band.variance));
  }
  EXPECT_GE(filled, 8);
}

TEST(LogOdds, LabelsFollowTheBits) {
  EXPECT_TRUE(draw_label(0, 0x7FFFFFFFU));
  EXPECT_FALSE(draw_label(0, 0x80000000U));
  EXPECT_TRUE(draw_label(-kLogOddsLevels / 2, 0));
  EXPECT_FALSE(draw_label(kLogOddsLevels / 2 - 1, 0xFFFFFFFFU));
}

TEST(LogOdds, MoreOfWhatDrivesAwayIsMore) {
  CounterRandom random(1);
  Customer customer = draw_customer(random, 20727, 0);
  customer.contract = kMonthly;
  const auto with = [&](auto change) {
    Customer changed = customer;
    change(changed);
    return log_odds(changed, 0);
  };
  customer.support_calls = 0;
  customer.tenure_months = 30;
  const int base = log_odds(customer, 0);
  EXPECT_GT(with([](Customer& c) { c.support_calls = 4; }), base);
  EXPECT_GT(with([](Customer& c) { c.monthly_cents += 1000; }), base);
  EXPECT_GT(with([](Customer& c) { c.tenure_months = 1; }), base);
  EXPECT_LT(with([](Customer& c) { c.contract = kTwoYears; }), base);
}

TEST(Truth, AucEqualsTheCountOverAllPairs) {
  Truth truth;
  std::vector<std::pair<int, bool>> rows;
  for (std::uint64_t row = 0; row < 1500; ++row) {
    const LabelledRow drawn = draw_row(kPlan, row);
    const int coarse = drawn.log_odds / 512 * 512;  // so that there are ties
    rows.emplace_back(coarse, drawn.row.churned);
    truth.add(coarse, drawn.row.churned);
  }
  double ordered = 0;
  double pairs = 0;
  for (const auto& [high, positive] : rows) {
    for (const auto& [low, other] : rows) {
      if (!positive || other) continue;
      ordered += high > low ? 1.0 : high == low ? 0.5 : 0.0;
      ++pairs;
    }
  }
  EXPECT_DOUBLE_EQ(truth.auc(), ordered / pairs);
}

TEST(Truth, OneClassHasNoAuc) {
  Truth truth;
  EXPECT_TRUE(std::isnan(truth.auc()));
  EXPECT_EQ(truth.positive_share(), 0);
  truth.add(5, true);
  truth.add(6, true);
  EXPECT_TRUE(std::isnan(truth.auc()));
  EXPECT_EQ(truth.positive_share(), 1);
  truth.add(4, false);
  EXPECT_EQ(truth.auc(), 1);
}

TEST(Truth, MergingIsAdding) {
  Truth all;
  Truth parts[2];
  for (std::uint64_t row = 0; row < 1000; ++row) {
    const LabelledRow drawn = draw_row(kPlan, row);
    all.add(drawn.log_odds, drawn.row.churned);
    parts[row % 2].add(drawn.log_odds, drawn.row.churned);
  }
  parts[0].merge(parts[1]);
  EXPECT_EQ(parts[0].auc(), all.auc());
  EXPECT_EQ(parts[0].positive_share(), all.positive_share());
}

}  // namespace
}  // namespace millrace::datagen
