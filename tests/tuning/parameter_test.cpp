#include "tuning/parameter.hpp"

#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "tuning/sampler.hpp"
#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;

TuningParameter stepped(TuningParameter parameter, double step) {
  parameter.step = step;
  return parameter;
}

TEST(Parameter, DrawsStayWithinTheBoundsAndReachBothHalves) {
  CounterRandom random(1);
  for (const auto& config : {uniform(-2, 5), loguniform(1e-6, 1e-2), integer(3, 20),
                             stepped(uniform(0.1, 0.5), 0.1), stepped(loguniform(16, 500), 16)}) {
    const Parameter parameter("key", config);
    const auto [low, high] = config.uniform      ? *config.uniform
                             : config.loguniform ? *config.loguniform
                                                 : std::pair<double, double>(*config.integer);
    const double middle = config.loguniform ? std::sqrt(low * high) : (low + high) / 2;
    int lower = 0;
    for (int i = 0; i < 2000; ++i) {
      const auto value = draw(parameter, random).get<double>();
      ASSERT_GE(value, low);
      ASSERT_LE(value, high);
      lower += value < middle ? 1 : 0;
    }
    EXPECT_GT(lower, 700);
    EXPECT_LT(lower, 1300);
  }
}

TEST(Parameter, StepsAreEquallyLikelyAndExact) {
  const Parameter parameter("key", stepped(uniform(0.1, 0.5), 0.1));
  ASSERT_EQ(parameter.levels(), 5U);
  std::map<Json, int> counts;
  CounterRandom random(2);
  for (int i = 0; i < 5000; ++i) ++counts[draw(parameter, random)];
  ASSERT_EQ(counts.size(), 5U);
  for (const auto& [value, count] : counts) EXPECT_NEAR(count, 1000, 150) << value;  // five deviations
}

TEST(Parameter, IntegersAreIntegers) {
  for (const auto& config : {integer(3, 20), stepped(uniform(32, 256), 32)}) {
    const Parameter parameter("key", config);
    CounterRandom random(3);
    std::set<Json> seen;
    for (int i = 0; i < 1000; ++i) seen.insert(draw(parameter, random));
    for (const Json& value : seen) EXPECT_TRUE(value.is_number_integer()) << value;
    EXPECT_EQ(seen.size(), *parameter.levels());
  }
}

TEST(Parameter, APlaceLeadsBackToItsValue) {
  CounterRandom random(4);
  for (const auto& config : {uniform(-2, 5), loguniform(1e-6, 1e-2), integer(3, 20),
                             stepped(uniform(0.1, 0.5), 0.1), stepped(loguniform(16, 500), 16)}) {
    const Parameter parameter("key", config);
    for (int i = 0; i < 200; ++i) {
      const Json value = draw(parameter, random);
      const double place = parameter.position_of(value);
      EXPECT_GE(place, parameter.line_begin());
      EXPECT_LE(place, parameter.line_end());
      EXPECT_NEAR(parameter.at(place).get<double>(), value.get<double>(),
                  1e-12 * std::abs(value.get<double>()));
    }
  }
}

TEST(Parameter, ChoicesMayBeOfAnyKind) {
  const std::vector<Json> values{64, "relu", {64, 32}, false};
  const Parameter parameter("key", choice(values));
  for (std::size_t i = 0; i < values.size(); ++i) {
    EXPECT_EQ(parameter.level(i), values[i]);
    EXPECT_EQ(parameter.choice_of(values[i]), i);
  }
}

}  // namespace
}  // namespace millrace::tuning
