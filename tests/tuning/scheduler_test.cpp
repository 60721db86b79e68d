#include "tuning/scheduler.hpp"

#include <algorithm>

#include <gtest/gtest.h>

#include "base/random.hpp"

namespace millrace::tuning {
namespace {

using Epochs = std::vector<std::uint32_t>;

TuningScheduler scheduler(const std::string& kind) {
  TuningScheduler config;
  config.kind = kind;
  return config;
}

TEST(Scheduler, RungsAreThoseOfRayTunesDefaults) {
  EXPECT_EQ(rungs(scheduler("asha"), 100), (Epochs{1, 4, 16, 64, 100}));
  EXPECT_EQ(rungs(scheduler("median"), 16), (Epochs{1, 4, 16}));
  EXPECT_EQ(rungs(scheduler("none"), 100), (Epochs{100}));
  EXPECT_EQ(rungs(scheduler("asha"), 1), (Epochs{1}));
}

TEST(Scheduler, RungsOfAnySettingsRiseToTheLastEpoch) {
  for (std::uint32_t grace = 1; grace < 12; ++grace) {
    for (std::uint32_t factor = 2; factor < 6; ++factor) {
      for (const std::uint32_t epochs : {1U, 2U, 7U, 50U, 4'000'000'000U}) {
        TuningScheduler config = scheduler("asha");
        config.grace = grace;
        config.factor = factor;
        const Epochs all = rungs(config, epochs);
        EXPECT_TRUE(std::ranges::is_sorted(all, std::ranges::less_equal()));
        EXPECT_EQ(all.back(), epochs);
      }
    }
  }
}

// numpy.percentile([1, 2, 3, 10], 25) and of [5, 1].
TEST(Scheduler, QuantilesAreInterpolated) {
  EXPECT_DOUBLE_EQ(quantile({10, 1, 3, 2}, 0.25), 1.75);
  EXPECT_DOUBLE_EQ(quantile({5, 1}, 0.25), 2);
  EXPECT_DOUBLE_EQ(quantile({7}, 0.25), 7);
}

TEST(Scheduler, AshaStopsWhatIsWorseThanTheBestQuarter) {
  const TuningScheduler asha = scheduler("asha");
  EXPECT_TRUE(goes_on(asha, {100}, {}));
  EXPECT_TRUE(goes_on(asha, {1.75}, {{10}, {1}, {3}, {2}}));
  EXPECT_FALSE(goes_on(asha, {1.76}, {{10}, {1}, {3}, {2}}));
}

TEST(Scheduler, AshaLetsAboutAQuarterOfRandomTrialsOn) {
  CounterRandom random(7);
  std::vector<LossesSoFar> earlier;
  int on = 0;
  for (int i = 0; i < 2000; ++i) {
    const LossesSoFar mine{random.uniform()};
    on += goes_on(scheduler("asha"), mine, earlier) ? 1 : 0;
    earlier.push_back(mine);
  }
  EXPECT_NEAR(on, 500, 100);  // five deviations of 2000 draws
}

TEST(Scheduler, MedianComparesTheBestWithTheOthersMeans) {
  const TuningScheduler median = scheduler("median");
  const std::vector<LossesSoFar> earlier{{4, 2}, {6, 2}, {9, 3}};  // means 3, 4, 6
  EXPECT_TRUE(goes_on(median, {9, 4}, earlier));
  EXPECT_FALSE(goes_on(median, {9, 4.1}, earlier));
  EXPECT_TRUE(goes_on(median, {3, 9}, earlier));
  EXPECT_TRUE(goes_on(median, {100}, {{1}, {1}}));  // too few others
}

TEST(Scheduler, NoneStopsNobody) {
  EXPECT_TRUE(goes_on(scheduler("none"), {100}, {{1}, {1}, {1}}));
}

}  // namespace
}  // namespace millrace::tuning
