#include "cost/period.hpp"

#include <gtest/gtest.h>

#include "cost/samples.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

Period around(const std::string& kind, const std::string& time) {
  return period_around(kind, moment_of(time));
}

std::string span(const Period& period) {
  return day_of(period.begin) + "…" + day_of(period.end);
}

TEST(Period, AMonthEndsWhereTheNextOneBegins) {
  EXPECT_EQ(span(around("month", "2026-11-30T23:59:59.999Z")), "2026-11-01…2026-12-01");
  EXPECT_EQ(span(around("month", "2026-12-01T00:00:00.000Z")), "2026-12-01…2027-01-01");
  EXPECT_EQ(span(around("month", "2028-02-29T12:00:00Z")), "2028-02-01…2028-03-01");
  EXPECT_EQ(around("month", "2026-11-30T23:59:59.999Z").label, "2026-11");
}

TEST(Period, HoldsItsBeginningAndNotItsEnd) {
  const Period month = around("month", "2026-11-15T00:00:00Z");
  EXPECT_TRUE(month.holds(moment_of("2026-11-01T00:00:00.000Z")));
  EXPECT_TRUE(month.holds(moment_of("2026-11-30T23:59:59.999Z")));
  EXPECT_FALSE(month.holds(moment_of("2026-10-31T23:59:59.999Z")));
  EXPECT_FALSE(month.holds(moment_of("2026-12-01T00:00:00.000Z")));
}

// As `date -d DAY +%G-W%V` says.
TEST(Period, WeeksBeginOnMondayAndAreNamedByIso8601) {
  EXPECT_EQ(around("week", "2026-11-27T00:00:00Z").label, "2026-W48");
  EXPECT_EQ(span(around("week", "2026-11-27T00:00:00Z")), "2026-11-23…2026-11-30");
  EXPECT_EQ(around("week", "2027-01-03T23:59:59Z").label, "2026-W53");
  EXPECT_EQ(around("week", "2027-01-04T00:00:00Z").label, "2027-W01");
  EXPECT_EQ(around("week", "2024-12-30T00:00:00Z").label, "2025-W01");
}

TEST(Period, DaysYearsAndAll) {
  EXPECT_EQ(span(around("day", "2026-12-31T23:59:59.999Z")), "2026-12-31…2027-01-01");
  EXPECT_EQ(span(around("year", "2026-12-31T23:59:59.999Z")), "2026-01-01…2027-01-01");
  EXPECT_EQ(around("year", "2026-12-31T23:59:59.999Z").label, "2026");
  EXPECT_EQ(around("all", "2026-12-31T23:59:59.999Z").label, "all");
  EXPECT_TRUE(around("all", "2026-01-01T00:00:00Z").holds(moment_now()));
}

TEST(Period, EveryMomentIsInThePeriodAroundIt) {
  for (const char* kind : {"day", "week", "month", "year", "all"}) {
    for (Moment moment = 0; moment < 60 * 365 * kDayMs; moment += 7 * kDayMs + 12'345'678) {
      const Period period = period_around(kind, moment);
      ASSERT_TRUE(period.holds(moment)) << kind << " " << moment;
      if (period.label == "all") continue;
      ASSERT_EQ(period_around(kind, period.end).begin, period.end) << kind << " " << moment;
      ASSERT_NE(period_around(kind, period.end).label, period.label);
    }
  }
}

TEST(Period, WhatIsNoDayIsRefused) {
  EXPECT_EQ(parse_day("2026-11-27", "--since"), moment_of("2026-11-27T00:00:00Z"));
  for (const char* text : {"", "2026-11", "2026-02-30", "27.11.2026", "2026-11-27T00:00:00Z", "yesterday!"}) {
    const Error error = testing_support::error_of([&] { (void)parse_day(text, "--since"); });
    testing_support::expect_topic(error, Topic::kCommandLine);
    EXPECT_TRUE(error.message().starts_with("--since is ")) << error.message();
  }
}

}  // namespace
}  // namespace millrace
