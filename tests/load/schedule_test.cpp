#include "load/schedule.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

namespace millrace::load {
namespace {

std::vector<std::uint64_t> due_times(Schedule schedule, std::size_t count) {
  std::vector<std::uint64_t> times;
  for (std::size_t i = 0; i < count; ++i, schedule.advance()) times.push_back(schedule.due());
  return times;
}

TEST(Schedule, ThreadsTakeTurnsAtEqualDistances) {
  const auto whole = due_times(Schedule(3000, Arrivals::kFixed, 1, 0, 1), 3000);
  std::vector<std::uint64_t> parts;
  for (unsigned thread = 0; thread < 3; ++thread) {
    const auto part = due_times(Schedule(3000, Arrivals::kFixed, 1, thread, 3), 1000);
    parts.insert(parts.end(), part.begin(), part.end());
  }
  std::ranges::sort(parts);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(parts[i]), static_cast<double>(whole[i]), 1);
    EXPECT_NEAR(static_cast<double>(whole[i]), static_cast<double>(i) * 1e9 / 3000, 1);
  }
}

// The count of 100,000 exponential distances: its mean is 1e9/rate ± 1/sqrt(n), and e^-1 of them are longer
// than that. Five standard deviations each, for a fixed seed.
TEST(Schedule, PoissonDistancesAreExponential) {
  constexpr std::size_t kCount = 100000;
  const auto times = due_times(Schedule(20000, Arrivals::kPoisson, 7, 1, 2), kCount);
  const double mean = static_cast<double>(times.back()) / kCount;
  const double expected = 1e9 / 10000;
  EXPECT_NEAR(mean / expected, 1, 5 / std::sqrt(kCount));
  std::size_t longer = 0;
  for (std::size_t i = 1; i < kCount; ++i) longer += static_cast<double>(times[i] - times[i - 1]) > expected;
  const double share = std::exp(-1);
  EXPECT_NEAR(static_cast<double>(longer) / kCount, share, 5 * std::sqrt(share * (1 - share) / kCount));
  EXPECT_TRUE(std::ranges::is_sorted(times));
}

TEST(Schedule, TheSeedSaysAll) {
  const auto times = [](std::uint64_t seed, unsigned thread) {
    return due_times(Schedule(1000, Arrivals::kPoisson, seed, thread, 2), 10);
  };
  EXPECT_EQ(times(1, 0), times(1, 0));
  EXPECT_NE(times(1, 0), times(2, 0));
  EXPECT_NE(times(1, 0), times(1, 1));
}

}  // namespace
}  // namespace millrace::load
