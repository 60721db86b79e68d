#include "base/parallel.hpp"

#include <atomic>
#include <stdexcept>
#include <vector>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TEST(OrderedParallel, HandsResultsOnInOrder) {
  for (const std::size_t threads : {0, 1, 2, 7}) {
    std::vector<std::size_t> seen;
    ordered_parallel(
        100, threads, [](std::size_t i) { return i * i; },
        [&](std::size_t i, std::size_t square) {
          EXPECT_EQ(square, i * i);
          seen.push_back(i);
        });
    ASSERT_EQ(seen.size(), 100U) << threads;
    for (std::size_t i = 0; i < seen.size(); ++i) EXPECT_EQ(seen[i], i);
  }
}

TEST(OrderedParallel, ThrowsTheFirstFailureAndBeginsNothingMore) {
  for (const std::size_t threads : {1, 3}) {
    std::atomic<std::size_t> begun = 0;
    std::size_t consumed = 0;
    const auto produce = [&](std::size_t i) {
      ++begun;
      if (i >= 5) throw std::runtime_error(std::to_string(i));
      return i;
    };
    try {
      ordered_parallel(1000, threads, produce, [&](std::size_t, std::size_t) { ++consumed; });
      FAIL() << "no error";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ(error.what(), "5");
    }
    EXPECT_EQ(consumed, 5U);
    EXPECT_LE(begun, 5 + threads + 2);
  }
}

}  // namespace
}  // namespace millrace
