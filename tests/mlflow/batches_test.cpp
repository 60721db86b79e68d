#include "mlflow/batches.hpp"

#include <cmath>

#include <gtest/gtest.h>

#include "mlflow/names.hpp"

namespace millrace::mlflow {
namespace {

// All items of this kind in the requests, in order; each request is within the limits.
Json joined(const std::vector<Json>& batches, const std::string& kind, std::size_t most) {
  Json all = Json::array();
  for (const Json& batch : batches) {
    EXPECT_EQ(batch.at("run_id"), "r");
    EXPECT_LE(canonical_json(batch).size(), kRequestLimit);
    EXPECT_EQ(batch.size(), 2U);
    if (!batch.contains(kind)) continue;
    EXPECT_LE(batch[kind].size(), most);
    EXPECT_FALSE(batch[kind].empty());
    all.insert(all.end(), batch[kind].begin(), batch[kind].end());
  }
  return all;
}

TEST(Batches, AreNoneForNothing) {
  EXPECT_TRUE(log_batches("r", {}, {}, {}).empty());
}

TEST(Batches, HoldEverythingOnceInOrderWithinTheLimits) {
  for (const std::size_t count : {1UL, 99UL, 100UL, 101UL, 1000UL, 1001UL, 2500UL}) {
    std::vector<Metric> metrics;
    Pairs pairs;
    for (std::size_t i = 0; i < count; ++i) {
      metrics.push_back({"loss", 1.0 / static_cast<double>(i + 1), 1'000'000'000'000, static_cast<long>(i)});
      pairs["key" + std::to_string(i)] = std::to_string(i);
    }
    const auto batches = log_batches("r", metrics, pairs, pairs);
    EXPECT_EQ(batches.size(), (count + 999) / 1000 + 2 * ((count + 99) / 100));
    const Json sent = joined(batches, "metrics", kMetricsLimit);
    ASSERT_EQ(sent.size(), count);
    for (std::size_t i = 0; i < count; ++i) {
      EXPECT_EQ(sent[i]["step"], i);
      EXPECT_EQ(sent[i]["value"], metrics[i].value);
    }
    EXPECT_EQ(joined(batches, "params", kParametersLimit), to_pairs(pairs, kParameterLimit));
    EXPECT_EQ(joined(batches, "tags", kTagsLimit), to_pairs(pairs, kTagLimit));
  }
}

// A value of control characters is six times as long in JSON.
TEST(Batches, AreAsManyAsTheBytesTake) {
  Pairs pairs;
  for (int i = 0; i < 150; ++i) pairs[std::string(240, 'k') + std::to_string(i)] = std::string(9000, '\x01');
  const auto batches = log_batches("r", {}, pairs, {});
  EXPECT_GT(batches.size(), 2U);
  const Json sent = joined(batches, "params", kParametersLimit);
  EXPECT_EQ(sent, to_pairs(pairs, kParameterLimit));
  EXPECT_LE(sent[0]["value"].get<std::string>().size(), kParameterLimit);
}

TEST(Batches, LeaveOutWhatIsNoNumber) {
  const auto batches = log_batches("r", {{"a", NAN, 0, 0}, {"b", INFINITY, 0, 0}, {"c", 1, 0, 0}}, {}, {});
  const Json sent = joined(batches, "metrics", kMetricsLimit);
  ASSERT_EQ(sent.size(), 1U);
  EXPECT_EQ(sent[0]["key"], "c");
}

}  // namespace
}  // namespace millrace::mlflow
