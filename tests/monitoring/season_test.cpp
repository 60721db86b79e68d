#include "monitoring/season.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "monitoring/example_model.hpp"

namespace millrace {
namespace {

MonitoringConfig by(const std::string& season, std::uint32_t windows = 3) {
  MonitoringConfig monitoring;
  monitoring.season = season;
  monitoring.season_windows = windows;
  return monitoring;
}

TEST(EarlierWindows, AreAsLongAndWholeDaysOrWeeksBefore) {
  const TimeWindow window{1e9, 1e9 + 3600.0};
  EXPECT_TRUE(earlier_windows(window, by("none")).empty());
  for (const auto& [season, period] : {std::pair{"hour", 24 * 3600.0}, {"weekday", 7 * 24 * 3600.0}}) {
    const auto windows = earlier_windows(window, by(season));
    ASSERT_EQ(windows.size(), 3U);
    for (std::size_t i = 0; i < 3; ++i) {
      EXPECT_DOUBLE_EQ(windows[i].from, window.from - static_cast<double>(i + 1) * period);
      EXPECT_DOUBLE_EQ(windows[i].until - windows[i].from, 3600.0);
    }
  }
}

TEST(EarlierWindows, MustNotReachIntoTheWindowItself) {
  EXPECT_EQ(earlier_windows({0, 24 * 3600.0}, by("hour")).front().until, 0);
  EXPECT_THROW((void)earlier_windows({0, 24 * 3600.0 + 1}, by("hour")), Error);
  EXPECT_NO_THROW((void)earlier_windows({0, 24 * 3600.0 + 1}, by("weekday")));
  EXPECT_THROW((void)earlier_windows({0, 169 * 3600.0}, by("weekday")), Error);
}

TEST(ReferenceOf, TakesTheColumnsThatHaveRowsEnough) {
  const MonitoredModel model = testing_support::example_model();
  Observation earlier;
  earlier.inputs = model.reference.inputs;
  earlier.inputs.pop_back();
  earlier.inputs[0].missing += 1;
  earlier.predictions = model.reference.predictions;
  earlier.predictions[0].rows = 10;  // another version gave the others
  const Reference reference = reference_of(earlier, model.reference, 500);
  EXPECT_EQ(reference.inputs.size(), model.reference.inputs.size());
  EXPECT_EQ(reference.inputs[0].missing, model.reference.inputs[0].missing + 1);
  EXPECT_EQ(reference.predictions[0].rows, model.reference.predictions[0].rows);
  EXPECT_EQ(reference.metrics, model.reference.metrics);
}

}  // namespace
}  // namespace millrace
