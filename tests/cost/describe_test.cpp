#include "cost/describe.hpp"

#include <gtest/gtest.h>

#include "cost/allocation.hpp"

namespace millrace {
namespace {

Json recorded(const char* prices, int gpus = 2) {
  return {{"wall_seconds", 1800.0},
          {"cores", 8},
          {"gpus", gpus},
          {"currency", "EUR"},
          {"prices", Json::parse(prices)}};
}

std::string shown(const Json& cost) {
  return describe(recorded_cost(cost), cost.value("currency", ""));
}

TEST(DescribeCost, SaysWhatHasAPriceAndWhatHasNone) {
  EXPECT_EQ(shown(recorded(R"({"cpu_hour": 0.02, "gpu_hour": 1.5})")),
            "4.0000 core-hours, 1.0000 GPU-hours: 1.58 EUR");
  EXPECT_EQ(shown(recorded(R"({"cpu_hour": 0.02})")),
            "4.0000 core-hours, 1.0000 GPU-hours: 0.08 EUR without the GPU hours, which have no price");
  EXPECT_EQ(shown(recorded(R"({"gpu_hour": 1.5})")),
            "4.0000 core-hours, 1.0000 GPU-hours: 1.50 EUR without the core hours, which have no price");
  EXPECT_EQ(shown(recorded("{}")), "4.0000 core-hours, 1.0000 GPU-hours, no prices");
  EXPECT_EQ(shown(recorded(R"({"cpu_hour": 0})", 0)), "4.0000 core-hours, 0.0000 GPU-hours: 0.00 EUR");
}

TEST(DescribeCost, ARecordHasAnAmountWhereAllThatItHoldsHasAPrice) {
  const auto completed = [](const char* prices, int gpus) {
    Json cost = recorded(prices, gpus);
    complete_cost(cost, 1, 1800);
    return cost.value("amount", Json());
  };
  EXPECT_EQ(completed(R"({"cpu_hour": 0.02, "gpu_hour": 1.5})", 2), 1.58);
  EXPECT_EQ(completed(R"({"cpu_hour": 0.02})", 0), 0.08);
  EXPECT_EQ(completed(R"({"cpu_hour": 0.02})", 2), nullptr);
  EXPECT_EQ(completed("{}", 0), nullptr);
}

}  // namespace
}  // namespace millrace
