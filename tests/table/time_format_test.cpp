#include "table/time_format.hpp"

#include <ctime>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "support/topics.hpp"
#include "table/format.hpp"

namespace millrace {
namespace {

std::string date(const std::string& pattern, const std::string& text) {
  std::int64_t days = 0;
  return TimeFormat(pattern).parse_date(text, days) ? format_date(days) : "none";
}
std::string timestamp(const std::string& pattern, const std::string& text) {
  std::int64_t micros = 0;
  return TimeFormat(pattern).parse_timestamp(text, micros) ? format_timestamp(micros) : "none";
}

TEST(TimeFormat, ReadsDates) {
  EXPECT_EQ(date("%d.%m.%Y", "24.11.2026"), "2026-11-24");
  EXPECT_EQ(date("%d.%m.%Y", "4.1.2026"), "2026-01-04");
  EXPECT_EQ(date("%m/%d/%y", "11/24/26"), "2026-11-24");
  EXPECT_EQ(date("%m/%d/%y", "11/24/69"), "1969-11-24");
  EXPECT_EQ(date("%Y%m%d", "20261124"), "2026-11-24");
  EXPECT_EQ(date("%d %b %Y", "24 nov 2026"), "2026-11-24");
  EXPECT_EQ(date("%B %d, %Y", "May 1, 2026"), "2026-05-01");
  EXPECT_EQ(date("100%% %Y-%m-%d", "100% 0000-01-01"), "0000-01-01");
}

TEST(TimeFormat, ReadsTimestamps) {
  EXPECT_EQ(timestamp("%d.%m.%Y %H:%M", "24.11.2026 3:26"), "2026-11-24T03:26:00Z");
  EXPECT_EQ(timestamp("%d/%b/%Y:%H:%M:%S %z", "10/Oct/2000:13:55:36 -0700"), "2000-10-10T20:55:36Z");
  EXPECT_EQ(timestamp("%Y-%m-%d %I:%M:%S.%f %p", "2026-11-24 12:00:00.0000019 AM"),
            "2026-11-24T00:00:00.000001Z");
  EXPECT_EQ(timestamp("%Y-%m-%d %I %p", "2026-11-24 12 pm"), "2026-11-24T12:00:00Z");
  for (const char* zone : {"Z", "+00", "-0000", "+00:00"})
    EXPECT_EQ(timestamp("%Y%m%d%H%M%S%z", std::string("20261124032600") + zone), "2026-11-24T03:26:00Z")
        << zone;
  EXPECT_EQ(timestamp("%d.%m.%Y", "24.11.2026"), "2026-11-24T00:00:00Z") << "its midnight";
}

TEST(TimeFormat, RefusesWhatIsWrittenOtherwise) {
  for (const char* text :
       {"", "24.11.", "24.11.26", "31.11.2026", "29.02.2026", "0.1.2026", "1.13.2026", "24-11-2026",
        " 24.11.2026", "24.11.2026 ", "24.11.20260", "+4.11.2026", "2026-11-24"})
    EXPECT_EQ(date("%d.%m.%Y", text), "none") << text;
  for (const char* text : {"2026111", "2026 111", "202611241"})
    EXPECT_EQ(date("%Y%m%d", text), "none") << text;
  for (const char* text : {"1.1.2026 24:00", "1.1.2026 1:60", "1.1.2026 1:00:60"})
    EXPECT_EQ(timestamp("%d.%m.%Y %H:%M", text), "none") << text;
  EXPECT_EQ(timestamp("%Y-%m-%d %I:%M %p", "2026-11-24 0:30 am"), "none");
  EXPECT_EQ(timestamp("%Y-%m-%d %H:%M%z", "0000-01-01 00:30+01:00"), "none") << "in no four-digit year";
  EXPECT_EQ(timestamp("%Y-%m-%d %H:%M%z", "2026-01-01 00:30+01:"), "none");
}

TEST(TimeFormat, RefusesPatternsThatTellNoTime) {
  for (const char* pattern : {"", "%Y-%m", "%d.%m", "%Y-%m-%d %", "%Y-%m-%d %Q", "%Y-%m-%d %Y", "%Y %y-%m-%d",
                              "%Y-%m-%b-%d", "%Y-%m-%d %I", "%Y-%m-%d %H %p", "%Y-%m-%d %M", "%Y-%m-%d %H %S",
                              "%Y-%m-%d %H:%M.%f", "%Y-%m-%d %z"}) {
    try {
      const TimeFormat format(pattern);
      ADD_FAILURE() << pattern;
    } catch (const Error& error) {
      testing_support::expect_topic(error, Topic::kWrongValue);
    }
  }
}

// The C library writes what is read back.
TEST(TimeFormat, ReadsWhatTheCLibraryWrites) {
  CounterRandom random(derive_key({1}));
  for (const char* pattern :
       {"%d.%m.%Y %H:%M:%S", "%B %d, %Y, %I:%M:%S %p", "%Y%m%d%H%M%S%z", "%S:%M:%H|%d%b%Y"}) {
    const TimeFormat format(pattern);
    for (int round = 0; round < 500; ++round) {
      const auto seconds =
          static_cast<std::time_t>(random.below(std::uint64_t{8'000'000'000})) - 4'000'000'000;
      std::tm parts{};
      gmtime_r(&seconds, &parts);
      char text[100];
      std::strftime(text, sizeof text, pattern, &parts);
      std::int64_t micros = 0;
      ASSERT_TRUE(format.parse_timestamp(text, micros)) << text;
      ASSERT_EQ(micros, std::int64_t{seconds} * 1'000'000) << text;
    }
  }
}

}  // namespace
}  // namespace millrace
