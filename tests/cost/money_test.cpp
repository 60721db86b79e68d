#include "cost/money.hpp"

#include <random>

#include <gtest/gtest.h>

#include "base/json.hpp"
#include "cost/samples.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::eur;

TEST(Money, EightGpusForFiveHoursOnThirtyNightsAtFifteenCents) {
  Money sum;
  for (int night = 0; night < 30; ++night) sum += price_of_time(8 * 5 * kHourMs, eur(0.15));
  EXPECT_EQ(sum, eur(180));
  EXPECT_EQ(sum.text(), "180.00");
}

TEST(Money, TwoForThreeHoursAtEighteenThousand) {
  EXPECT_EQ(price_of_time(2 * 3 * kHourMs, eur(18000)), eur(108000));
  EXPECT_EQ(price_of_time(2 * 3 * kHourMs, eur(18000)).text(), "108000.00");
}

TEST(Money, TenthsAddUpWhereBinaryFractionsDoNot) {
  Money sum;
  double binary = 0;
  for (int i = 0; i < 10; ++i) {
    sum += eur(0.1);
    binary += 0.1;
  }
  EXPECT_NE(binary, 1.0);
  EXPECT_EQ(sum, eur(1));
}

TEST(Money, IsShownWithTwoDecimalsHalvesUp) {
  EXPECT_EQ(eur(0).text(), "0.00");
  EXPECT_EQ(eur(0.004999).text(), "0.00");
  EXPECT_EQ(eur(0.005).text(), "0.01");
  EXPECT_EQ(eur(12.4).text(), "12.40");
  EXPECT_EQ(eur(1234567.895).text(), "1234567.90");
}

TEST(Money, ItsBinaryNumberPrintsAsTheDecimal) {
  EXPECT_EQ(Json(eur(0.1).value()).dump(), "0.1");
  EXPECT_EQ(Json(eur(123456.789012).value()).dump(), "123456.789012");
}

TEST(Money, ChargesAreRoundedToTheNearestMillionth) {
  EXPECT_EQ(price_of_time(1, eur(1.8)).micros(), 1);       // 0.5 millionths
  EXPECT_EQ(price_of_time(1, eur(1.799999)).micros(), 0);  // less
  EXPECT_EQ(price_of_time(kHourMs, eur(0.000001)).micros(), 1);
}

TEST(Money, AGigabyteForAMonthIsTenGigabytesForATenthOfIt) {
  EXPECT_EQ(storage_of(1'000'000'000, kMonthMs), 1'000'000'000);
  EXPECT_EQ(storage_of(10'000'000'000, kMonthMs / 10), 1'000'000'000);
  EXPECT_EQ(price_of_storage(2'500'000'000, eur(0.02)), eur(0.05));
  EXPECT_EQ(price_of_storage(storage_of(10'000'000'000'000'000, kMonthMs), eur(1)), eur(1e7));  // 10 PB
}

TEST(Money, PartsOfATotalAddUpHoweverItIsCut) {
  std::mt19937_64 random(1);
  for (int trial = 0; trial < 1000; ++trial) {
    const auto total = static_cast<std::int64_t>(random() % 1'000'000'000'000'000);
    const auto whole = static_cast<std::int64_t>(random() % 1'000'000'000 + 1);
    std::int64_t sum = 0;
    for (std::int64_t from = 0; from < whole;) {
      const std::int64_t to = std::min(whole, from + static_cast<std::int64_t>(random() % 100'000'000 + 1));
      const std::int64_t part = share(total, from, to, whole);
      EXPECT_GE(part, 0);
      sum += part;
      from = to;
    }
    EXPECT_EQ(sum, total);
  }
}

TEST(Money, ReachesAPercentageExactlyAtItsBorder) {
  EXPECT_TRUE(reaches(eur(80), 80, eur(100)));
  EXPECT_FALSE(reaches(eur(79.999999), 80, eur(100)));
  EXPECT_TRUE(reaches(eur(0.1) + eur(0.2), 100, eur(0.3)));
  EXPECT_TRUE(reaches(eur(995), 99.5, eur(1000)));
}

TEST(Money, WhatIsLeftIsNeverNegative) {
  EXPECT_EQ(eur(3) - eur(1), eur(2));
  EXPECT_EQ(eur(1) - eur(3), Money());
}

TEST(Money, WhatDoesNotFitIsTheMostThereIs) {
  const Money most = price_of_time(std::int64_t{1} << 62, eur(1e12));
  EXPECT_EQ(most + most, most);
  EXPECT_GT(most, eur(1e12));
}

TEST(Money, APriceOutOfAllBoundsIsAnError) {
  CostConfig config;
  config.prices.gpu_hour = 1e13;
  const Error error = testing_support::error_of([&] { (void)prices_of(config); });
  testing_support::expect_topic(error, Topic::kWrongValue);
  EXPECT_NE(error.message().find("cost.prices.gpu_hour"), std::string::npos) << error.message();
}

}  // namespace
}  // namespace millrace
