#include "device/placed_network.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/topics.hpp"
#include "model/random_network.hpp"

namespace millrace {
namespace {

const NetworkSpec kSpec{Task::kBinary, 2, {}, {3}, 1, Activation::kRelu, 0, false};

// Fails while it is told to, and counts how often it is asked.
class TestDevice final : public NetworkOnDevice {
 public:
  void forward(const BatchView&, std::span<float> logits) override {
    ++asked;
    if (fails) throw Error(Topic::kGpuFailed, "it fell off the bus");
    std::ranges::fill(logits, 42.0F);
  }
  std::atomic<int> asked{0};
  std::atomic<bool> fails{false};
};

class Placed : public testing::Test {
 protected:
  static std::unique_ptr<PlacedNetwork> place(TestDevice*& device,
                                              const std::shared_ptr<DeviceCounts>& counts,
                                              std::chrono::seconds rest) {
    auto owned = std::make_unique<TestDevice>();
    device = owned.get();
    return std::make_unique<PlacedNetwork>(std::move(owned), "churn/7", 10, counts, rest);
  }
  bool ask(PlacedNetwork& placed, std::size_t rows) {
    const testing_support::RandomBatch batch(kSpec, rows, rows);
    logits_.assign(rows, 0);
    return placed.forward(batch.view(), logits_);
  }

  std::shared_ptr<DeviceCounts> counts_ = std::make_shared<DeviceCounts>();
  TestDevice* device_ = nullptr;
  std::vector<float> logits_;
};

TEST_F(Placed, TakesBatchesThatAreLargeEnough) {
  const auto placed = place(device_, counts_, std::chrono::seconds(60));
  EXPECT_FALSE(ask(*placed, 9));
  EXPECT_EQ(device_->asked, 0);
  EXPECT_TRUE(ask(*placed, 10));
  EXPECT_TRUE(ask(*placed, 11));
  EXPECT_EQ(logits_, std::vector<float>(11, 42.0F));
  EXPECT_EQ(counts_->batches, 2U);
  EXPECT_EQ(counts_->rows, 21U);
  EXPECT_EQ(counts_->failures, 0U);
}

TEST_F(Placed, IsNotAskedForAWhileAfterAFailure) {
  const auto placed = place(device_, counts_, std::chrono::seconds(3600));
  device_->fails = true;
  EXPECT_FALSE(ask(*placed, 10));
  device_->fails = false;
  EXPECT_FALSE(ask(*placed, 10));
  EXPECT_EQ(device_->asked, 1);
  EXPECT_EQ(counts_->failures, 1U);
  EXPECT_EQ(counts_->batches, 0U);
}

TEST_F(Placed, WarnsOnceUntilItHasWorkedAgain) {
  const auto placed = place(device_, counts_, std::chrono::seconds(0));
  testing::internal::CaptureStderr();
  for (const bool fails : {true, true, true, false, true}) {
    device_->fails = fails;
    EXPECT_EQ(ask(*placed, 10), !fails);
  }
  const std::string log = testing::internal::GetCapturedStderr();
  std::size_t warnings = 0;
  for (auto at = log.find("fell off the bus"); at != std::string::npos;
       at = log.find("fell off the bus", at + 1))
    ++warnings;
  EXPECT_EQ(warnings, 2U) << log;
  EXPECT_NE(log.find("churn/7: the GPU failed"), std::string::npos) << log;
  EXPECT_EQ(counts_->failures, 4U);
  EXPECT_EQ(counts_->batches, 1U);
}

TEST_F(Placed, CountsEveryBatchOfManyThreads) {
  const auto placed = place(device_, counts_, std::chrono::seconds(0));
  std::atomic<std::size_t> taken{0};
  {
    std::vector<std::jthread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&, t] {
        const testing_support::RandomBatch batch(kSpec, 10, 1);
        std::vector<float> logits(10);
        for (int i = 0; i < 200; ++i) {
          device_->fails = (i + t) % 3 == 0;
          if (placed->forward(batch.view(), logits)) ++taken;
        }
      });
    }
  }
  EXPECT_EQ(counts_->batches, taken);
  EXPECT_EQ(counts_->rows, 10 * taken);
  EXPECT_EQ(counts_->batches + counts_->failures, 800U);
}

}  // namespace
}  // namespace millrace
