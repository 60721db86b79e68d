// The contract of every exchange of gradients, whatever carries them.
#include <cmath>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "base/signals.hpp"
#include "comm/session.hpp"
#include "support/tables.hpp"
#include "training/device.hpp"
#include "training/device_module.hpp"
#include "training/mpi_exchange.hpp"

namespace millrace {
namespace {

constexpr std::uint64_t kRows = 1000;

LanePlan plan_for(int ranks, bool deterministic) {
  TrainingConfig config;
  config.deterministic = deterministic;
  return {kRows, config, ranks};
}

// Small integers: their sums are exact in any order, so that every exchange must give the very same.
float element(std::uint64_t group, std::size_t i, std::uint64_t round) {
  return static_cast<float>(derive_key({group, i, round}) % 2048) - 1024;
}
// Values whose sum depends on the order.
float rough_element(std::uint64_t group, std::size_t i, std::uint64_t round) {
  return std::ldexp(element(group, i, round), static_cast<int>(derive_key({i, group}) % 40)) / 3;
}
using Element = float (*)(std::uint64_t group, std::size_t i, std::uint64_t round);

std::vector<float> filled_slots(const LanePlan& plan, int rank, GradientExchange& exchange, Element value,
                                std::uint64_t round) {
  const std::size_t size = exchange.slot_size();
  std::vector<float> buffer(exchange.slots() * size);
  const Range groups = plan.groups_of_rank(rank);
  for (std::uint64_t g = groups.first; g < groups.end; ++g) {
    const std::span<float> slot = std::span(buffer).subspan((g - groups.first) * size, size);
    for (std::size_t i = 0; i < size - kTailSize; ++i) slot[i] = value(g, i, round);
    write_tail(slot, {static_cast<double>(g) + 0.5, 2, exchange.stop_requested()});
  }
  return buffer;
}

// MPI as it is where it takes a device's memory.
class DeviceMemoryExchange final : public GradientExchange {
 public:
  explicit DeviceMemoryExchange(GradientExchange& mpi) : mpi_(mpi) {}
  [[nodiscard]] std::size_t slot_size() const override { return mpi_.slot_size(); }
  [[nodiscard]] std::size_t slots() const override { return mpi_.slots(); }
  [[nodiscard]] int ranks() const override { return mpi_.ranks(); }
  [[nodiscard]] bool deterministic() const override { return mpi_.deterministic(); }
  [[nodiscard]] bool takes_device_memory() const override { return !mpi_.deterministic(); }
  [[nodiscard]] bool stop_requested() const override { return mpi_.stop_requested(); }
  void reduce(std::span<float> buffer) override { mpi_.reduce(buffer); }

 private:
  GradientExchange& mpi_;
};

class Exchange : public testing::TestWithParam<std::string> {
 protected:
  // Sets up the exchange that the parameter names; skips the test where it cannot be had here.
  void make(std::size_t parameters, bool deterministic) {
    plan_.emplace(plan_for(comm_.size(), deterministic));
    mpi_ = std::make_unique<MpiExchange>(comm_, *plan_, parameters, deterministic);
    exchange_ = mpi_.get();
    if (GetParam() == "mpi") return;
    TrainingConfig config;
    const Device device = choose_device(comm_, config);
    if (device.module == nullptr) GTEST_SKIP() << "no GPU: " << device.reason;
    std::optional<DeviceGroup> group;
    GradientExchange* host = mpi_.get();
    if (GetParam() == "gpu_memory_by_mpi") {
      const bool possible = mpi_takes_device_memory() || device.found == "emulated GPU";
      if (!possible) GTEST_SKIP() << "this MPI does not take device memory";
      device_memory_ = std::make_unique<DeviceMemoryExchange>(*mpi_);
      host = device_memory_.get();
    }
    if (GetParam() == "gpu_group") {
      if (deterministic) GTEST_SKIP() << "a group takes no part in deterministic sums";
      if (comm_.size() > 1 && !device.joined) GTEST_SKIP() << "gradients go by " << device.gradients;
      if (const std::string trouble = trouble_of(*device.module); !trouble.empty()) GTEST_SKIP() << trouble;
      group = make_group(*device.module);
    }
    on_device_ = device.module->make_exchange(device.index, *host, group);
    exchange_ = on_device_.get();
  }

  std::vector<float> sum(Element value, std::uint64_t round) {
    std::vector<float> buffer = filled_slots(*plan_, comm_.rank(), *exchange_, value, round);
    exchange_->reduce(buffer);
    buffer.resize(exchange_->slot_size());
    return buffer;
  }

  Communicator comm_ = Communicator::world();
  std::optional<LanePlan> plan_;
  std::unique_ptr<MpiExchange> mpi_;
  std::unique_ptr<GradientExchange> device_memory_;
  std::unique_ptr<GradientExchange> on_device_;
  GradientExchange* exchange_ = nullptr;

 private:
  // Why the GPUs' own library is missing; empty where it is there.
  static std::string trouble_of(DeviceModule& module) {
    return testing_support::error_of([&] { module.collectives(); });
  }

  DeviceGroup make_group(DeviceModule& module) {
    std::string id = comm_.agree([&] { return comm_.is_root() ? module.make_group_id() : ""; });
    comm_.broadcast(id);
    return {id, comm_.rank(), comm_.size(), 60};
  }
};

TEST_P(Exchange, GivesEveryRankTheSumOverAllGroups) {
  for (const bool deterministic : {false, true}) {
    for (const std::size_t parameters : {0U, 1U, 31U, 1000U, 100'003U}) {
      make(parameters, deterministic);
      if (IsSkipped()) return;
      const std::vector<float> total = sum(element, 0);
      ASSERT_EQ(total.size(), parameters + kTailSize);
      for (std::size_t i = 0; i < parameters; ++i) {
        float expected = 0;
        for (std::uint64_t g = 0; g < plan_->groups(); ++g) expected += element(g, i, 0);
        ASSERT_EQ(total[i], expected) << i;
      }
    }
    if (GetParam() == "gpu_group") break;  // it takes no part in deterministic sums
  }
}

TEST_P(Exchange, SumsWhatRidesBehindTheGradient) {
  make(17, GetParam() != "gpu_group");
  if (IsSkipped()) return;
  const StepSums sums = read_tail(sum(element, 0));
  const double groups = plan_->groups();
  EXPECT_EQ(sums.loss, groups * (groups - 1) / 2 + groups / 2);
  EXPECT_EQ(sums.weight, 2 * groups);
  EXPECT_FALSE(sums.stop);
}

TEST_P(Exchange, TellsAllThatOneWasAskedToStop) {
  make(5, false);
  if (IsSkipped()) return;
  for (int asked = 0; asked < comm_.size(); ++asked) {
    if (comm_.rank() == asked) request_stop();
    EXPECT_TRUE(read_tail(sum(element, 0)).stop);
    clear_stop_request();
    EXPECT_FALSE(read_tail(sum(element, 0)).stop);
  }
}

TEST_P(Exchange, KeepsNothingFromOneStepToTheNext) {
  make(1001, false);
  if (IsSkipped()) return;
  const std::vector<float> first = sum(element, 1);
  const std::vector<float> second = sum(element, 2);
  EXPECT_NE(first, second);
  EXPECT_EQ(sum(element, 1), first);
}

TEST_P(Exchange, PassesOnALossThatIsNoNumber) {
  make(3, false);
  if (IsSkipped()) return;
  std::vector<float> buffer(exchange_->slots() * exchange_->slot_size());
  write_tail(buffer, {comm_.rank() == comm_.size() - 1 ? std::nan("") : 1, 1, false});
  exchange_->reduce(buffer);
  EXPECT_TRUE(std::isnan(buffer[3 + kTailLoss]));
}

TEST_P(Exchange, IsIndependentOfTheRanksInDeterministicMode) {
  make(4099, true);
  if (IsSkipped()) return;
  const std::vector<float> together = sum(rough_element, 3);
  const LanePlan alone_plan = plan_for(1, true);
  MpiExchange alone(Communicator::self(), alone_plan, 4099, true);
  std::vector<float> buffer = filled_slots(alone_plan, 0, alone, rough_element, 3);
  alone.reduce(buffer);
  buffer.resize(alone.slot_size());
  EXPECT_EQ(together, buffer);
}

INSTANTIATE_TEST_SUITE_P(Carriers, Exchange,
                         testing::Values("mpi", "gpu_over_mpi", "gpu_memory_by_mpi", "gpu_group"),
                         [](const auto& carrier) { return carrier.param; });

}  // namespace
}  // namespace millrace
