#include "cost/spikes.hpp"

#include <gtest/gtest.h>

#include "cost/samples.hpp"

namespace millrace {
namespace {

using testing_support::causes_of;
using testing_support::prices;
using testing_support::run_usage;

const Moment kMonthsEnd = moment_of("2026-11-30T23:00:00Z");

class Spikes : public testing::Test {
 protected:
  // A run of its own day that takes so many hours of a core.
  void add(double hours, const std::string& pipeline = "churn", bool cached = false) {
    const std::string name = fmt::format("r{:02}", runs_.size() + 1);
    RunUsage run = run_usage(name, fmt::format("2026-11-{:02}T02:00:00Z", runs_.size() + 1),
                             static_cast<std::int64_t>(hours * kHourMs), 1);
    run.pipeline = pipeline;
    if (cached) run.stages.clear();
    runs_.push_back(run);
  }
  std::vector<std::string> causes(double cpu_hour = 1) {
    const auto charges = charges_of(runs_, {}, prices(cpu_hour, 0), kMonthsEnd);
    return causes_of(spike_alarms(config_, runs_, charges, runs_.back().run));
  }

  CostConfig config_;  // three times the median of five
  std::vector<RunUsage> runs_;
};

TEST_F(Spikes, ARunBeyondThreeTimesTheMedianIsOne) {
  for (const double hours : {1.0, 2.0, 0.5, 9.0, 1.0}) add(hours);  // the median is 1
  add(3);
  EXPECT_TRUE(causes().empty());
  runs_.pop_back();
  add(3.001);
  EXPECT_EQ(causes(), (std::vector<std::string>{"spike/run/r06", "spike/day/2026-11-06"}));
}

TEST_F(Spikes, WithoutPricesCoreHoursAreCompared) {
  for (int i = 0; i < 5; ++i) add(1);
  add(4);
  EXPECT_EQ(causes(0).size(), 2U);
}

TEST_F(Spikes, TooFewRunsHaveNoUsualCost) {
  for (int i = 0; i < 4; ++i) add(1);
  add(100);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, RunsThatDidNothingAndOtherPipelinesAreNoMeasure) {
  for (int i = 0; i < 4; ++i) add(1);
  add(0.0001, "churn", true);
  for (int i = 0; i < 3; ++i) add(0.0001, "other");
  add(2.5);
  for (const std::string& cause : causes()) EXPECT_FALSE(cause.starts_with("spike/run/")) << cause;
  runs_.pop_back();
  add(1);
  add(3.5);
  EXPECT_EQ(causes().at(0), "spike/run/r10");
}

TEST_F(Spikes, OnlyTheLastRunsCount) {
  for (int i = 0; i < 5; ++i) add(1);
  for (int i = 0; i < 5; ++i) add(10);
  add(20);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, ZeroRaisesNone) {
  config_.spike = 0;
  for (int i = 0; i < 5; ++i) add(1);
  add(100);
  EXPECT_TRUE(causes().empty());
}

TEST_F(Spikes, SayWhatIsUsual) {
  for (int i = 0; i < 5; ++i) add(2);
  add(9);
  const auto charges = charges_of(runs_, {}, prices(1, 0), kMonthsEnd);
  EXPECT_EQ(spike_alarms(config_, runs_, charges, "r06").at(0).text,
            "run r06 cost 4.5 times the usual: 9.00 EUR, and the median of the last 5 is 2.00 EUR");
  EXPECT_TRUE(spike_alarms(config_, runs_, charges, "no-such-run").empty());
}

}  // namespace
}  // namespace millrace
