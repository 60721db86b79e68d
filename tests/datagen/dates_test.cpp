#include "datagen/dates.hpp"

#include <gtest/gtest.h>

#include "base/error.hpp"

namespace millrace::datagen {
namespace {

TEST(Dates, EveryDayReadsBack) {
  EXPECT_EQ(parse_day("1970-01-01"), 0);
  EXPECT_EQ(parse_day("2026-10-01"), 20727);
  for (std::int32_t day = 0; day < 60000; ++day) EXPECT_EQ(parse_day(day_name(day)), day);
}

TEST(Dates, WhatIsNoDayIsRefused) {
  for (const char* text : {"", "2026-10-1", "2026-13-01", "2026-02-29", "2026-00-10", "2026/10/01",
                           "26-10-2001", "1969-12-31", "2026-10-0x", "2026-10--1", "2026-10-011"}) {
    EXPECT_THROW(parse_day(text), Error) << text;
  }
}

TEST(Dates, NamesOfARangeAreTheDays) {
  const DayNames names(parse_day("2027-12-30"), parse_day("2028-03-01"));
  EXPECT_EQ(names[parse_day("2027-12-30")], "2027-12-30");
  EXPECT_EQ(names[parse_day("2028-02-29")], "2028-02-29");
  EXPECT_EQ(names[parse_day("2028-03-01")], "2028-03-01");
}

}  // namespace
}  // namespace millrace::datagen
