#include "cost/affordable.hpp"

#include <cmath>
#include <tuple>

#include <gtest/gtest.h>

#include "base/topics.hpp"

namespace millrace {
namespace {

TEST(Affordable, IsWhatAllThatIsHeldCosts) {
  EXPECT_DOUBLE_EQ(affordable_seconds(1, {4, 0, ""}, {0.5, {}, {}}, "limit"), 1800);
  EXPECT_DOUBLE_EQ(affordable_seconds(3, {4, 2, ""}, {0.5, 2, {}}, "limit"), 1800);
}

TEST(Affordable, IsWithoutEndWhereAllIsFree) {
  EXPECT_TRUE(std::isinf(affordable_seconds(1, {4, 0, ""}, {0, {}, {}}, "limit")));
}

TEST(Affordable, NeedsThePricesOfWhatIsHeld) {
  for (const auto& [held, prices, missing] :
       {std::tuple{Allocation{4, 0, ""}, PriceTable{{}, 2, {}}, "cpu_hour"},
        std::tuple{Allocation{4, 1, ""}, PriceTable{0.5, {}, {}}, "gpu_hour"}}) {
    try {
      affordable_seconds(1, held, prices, "tuning.limits.cost");
      ADD_FAILURE() << missing;
    } catch (const Error& error) {
      EXPECT_EQ(error.topic(), Topic::kNoPrice);
      EXPECT_NE(error.message().find(missing), std::string::npos) << error.message();
      EXPECT_NE(error.message().find("tuning.limits.cost"), std::string::npos);
    }
  }
}

}  // namespace
}  // namespace millrace
