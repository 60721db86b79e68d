#include "training/sampler.hpp"

#include <algorithm>
#include <set>

#include <gtest/gtest.h>

#include "training/made_rows.hpp"

namespace millrace {
namespace {

using testing_support::made_shards;
using testing_support::SharedFolder;
using testing_support::small_config;
using testing_support::small_spec;

// Each row's first numeric input tells it from the others; the batch over all ranks, in lane order.
struct BatchRows {
  std::vector<float> inputs;
  std::vector<std::uint64_t> dropout_keys;
  friend bool operator==(const BatchRows&, const BatchRows&) = default;
};

template <class T>
void append_gathered(const Communicator& comm, const std::vector<T>& mine, std::vector<T>& to) {
  for (const std::string& bytes : comm.all_gather(as_bytes_view(std::span(mine)))) {
    const std::size_t before = to.size();
    to.resize(before + bytes.size() / sizeof(T));
    std::copy(bytes.begin(), bytes.end(), reinterpret_cast<char*>(to.data() + before));
  }
}

class Source {
 public:
  Source(const Communicator& comm, const std::vector<std::string>& shards, const TrainingConfig& config)
      : comm_(comm),
        rows_(comm, shards, small_spec()),
        plan_(rows_.rows(), config, comm.size()),
        sampler_(comm, rows_, plan_, config, {}) {}

  std::vector<BatchRows> epoch(std::uint64_t number, std::uint64_t from = 0) {
    sampler_.start(number, from);
    std::vector<BatchRows> batches;
    for (std::uint64_t b = from; b < plan_.steps_per_epoch(); ++b) {
      std::vector<float> inputs;
      std::vector<std::uint64_t> keys;
      for (const Batch& part : sampler_.next(number * plan_.steps_per_epoch() + b)) {
        for (std::size_t r = 0; r < part.rows; ++r)
          inputs.push_back(part.numeric[r * small_spec().n_numeric]);
        keys.insert(keys.end(), part.dropout_key.begin(), part.dropout_key.end());
      }
      BatchRows batch;
      append_gathered(comm_, inputs, batch.inputs);
      append_gathered(comm_, keys, batch.dropout_keys);
      EXPECT_EQ(batch.inputs.size(), plan_.rows_of_batch(b));
      batches.push_back(std::move(batch));
    }
    return batches;
  }

 private:
  Communicator comm_;
  RowSource rows_;
  LanePlan plan_;
  Sampler sampler_;
};

TEST(Sampler, BatchesDoNotDependOnTheNumberOfRanks) {
  const auto world = Communicator::world();
  const SharedFolder folder(world);
  const auto shards = made_shards(world, folder, "rows", small_spec(), {100, 0, 7, 401});
  for (const bool deterministic : {false, true}) {
    TrainingConfig config = small_config();
    config.deterministic = deterministic;
    Source together(world, shards, config);
    Source alone(Communicator::self(), shards, config);
    for (std::uint64_t epoch = 0; epoch < 2; ++epoch) EXPECT_EQ(together.epoch(epoch), alone.epoch(epoch));
  }
}

TEST(Sampler, AnEpochHoldsEveryRowOnceInAnOrderOfItsOwn) {
  const auto world = Communicator::world();
  const SharedFolder folder(world);
  const auto shards = made_shards(world, folder, "rows", small_spec(), {508});
  Source source(world, shards, small_config());
  std::vector<std::vector<float>> orders;
  for (std::uint64_t epoch = 0; epoch < 2; ++epoch) {
    std::vector<float> all;
    for (const BatchRows& batch : source.epoch(epoch)) {
      all.insert(all.end(), batch.inputs.begin(), batch.inputs.end());
    }
    EXPECT_EQ(std::set<float>(all.begin(), all.end()).size(), 508U);
    orders.push_back(all);
  }
  EXPECT_NE(orders[0], orders[1]);
}

TEST(Sampler, StartsInTheMiddleOfAnEpochAlsoWhereLanesStream) {
  const auto world = Communicator::world();
  const SharedFolder folder(world);
  const auto shards = made_shards(world, folder, "rows", small_spec(), {21000, 15000});
  TrainingConfig config = small_config();
  config.lanes = 4;
  config.batch_size = 4000;
  for (const std::uint64_t window : {std::uint64_t{1}, std::uint64_t{1} << 20U}) {
    config.window_rows = window;
    const auto whole = Source(world, shards, config).epoch(1);
    for (const std::size_t from : {1U, 4U, 5U, 8U}) {
      const auto rest = Source(world, shards, config).epoch(1, from);
      EXPECT_TRUE(std::ranges::equal(std::span(whole).subspan(from), rest));
    }
  }
}

}  // namespace
}  // namespace millrace
