#include "kernels/loss.hpp"

#include <algorithm>

#include "kernels/device.hpp"
#include "kernels/values.hpp"
#include "training/cpu/loss.hpp"

namespace millrace {
namespace {

using namespace testing_support;

using LossKernels = KernelTest;

struct Rows {
  Task task;
  std::size_t outputs;
  std::vector<float> logits;
  std::vector<float> target;
  std::vector<float> weight;
};

Rows made_rows(Task task, std::size_t rows, std::size_t outputs, float spread) {
  Rows made{task, outputs, normal_floats(rows * outputs, rows + outputs), {}, {}};
  for (float& logit : made.logits) logit *= spread;
  CounterRandom random(3);
  for (std::size_t r = 0; r < rows; ++r) {
    const double value = task == Task::kRegression
                             ? random.normal()
                             : static_cast<double>(random.below(task == Task::kBinary ? 2 : outputs));
    made.target.push_back(static_cast<float>(value));
    made.weight.push_back(r % 7 == 3 ? 0 : static_cast<float>(0.25 + random.uniform()));
  }
  return made;
}

struct Result {
  std::vector<float> delta;
  std::vector<float> losses;
  std::vector<float> sums;
};

Result on_device(const Rows& rows) {
  const std::size_t n = rows.target.size();
  DeviceArray<float> target(rows.target);
  DeviceArray<float> weight(rows.weight);
  DeviceArray<float> logits(rows.logits);
  DeviceArray<float> losses(n);
  DeviceArray<float> sums(2);
  kernels::loss_and_delta(rows.task, n, rows.outputs, target.data(), weight.data(), logits.data(),
                          losses.data(), nullptr);
  kernels::sum_losses(n, losses.data(), weight.data(), sums.data(), nullptr);
  return {logits.download(), losses.download(), sums.download()};
}

Result on_cpu(const Rows& rows) {
  Result result{rows.logits, {}, {}};
  for (std::size_t r = 0; r < rows.target.size(); ++r) {
    const std::span<float> row = std::span(result.delta).subspan(r * rows.outputs, rows.outputs);
    const LossSums sums =
        loss_and_delta(rows.task, rows.outputs, row, {&rows.target[r], 1}, {&rows.weight[r], 1});
    result.losses.push_back(static_cast<float>(sums.loss));
  }
  return result;
}

// e^x, log and log1p are within 2 units in the last place on either side, and their arguments within one
// rounding of the largest logit, so probabilities and losses are within a few roundings of 1 + |z|. The
// softmax's sum adds as many roundings as it has terms. Squared errors grow with the square.
double tolerance(const Rows& rows, std::size_t r) {
  double largest = rows.task == Task::kRegression ? std::abs(rows.target[r]) : 0;
  for (std::size_t o = 0; o < rows.outputs; ++o) {
    largest = std::max(largest, std::abs(static_cast<double>(rows.logits[r * rows.outputs + o])));
  }
  const double size = rows.task == Task::kRegression ? (1 + 2 * largest) * (1 + 2 * largest) : 1 + largest;
  return kFloatRounding * (8 * size + static_cast<double>(rows.outputs)) * rows.weight[r];
}

void expect_like_cpu(const Rows& rows) {
  SCOPED_TRACE(testing::Message() << "task " << static_cast<int>(rows.task) << ", " << rows.target.size()
                                  << " rows of " << rows.outputs);
  const Result expected = on_cpu(rows);
  const Result result = on_device(rows);
  for (std::size_t r = 0; r < rows.target.size(); ++r) {
    ASSERT_NEAR(result.losses[r], expected.losses[r], tolerance(rows, r));
    for (std::size_t i = r * rows.outputs; i < (r + 1) * rows.outputs; ++i) {
      ASSERT_NEAR(result.delta[i], expected.delta[i], tolerance(rows, r));
    }
  }
  double loss = 0;
  double weight = 0;
  for (const float value : result.losses) loss += static_cast<double>(value);
  for (const float value : rows.weight) weight += static_cast<double>(value);
  // Added in double, then rounded once.
  EXPECT_NEAR(result.sums[0], loss, 2 * kFloatRounding * loss);
  EXPECT_NEAR(result.sums[1], weight, 2 * kFloatRounding * weight);
  const Result again = on_device(rows);
  EXPECT_TRUE(same_bits(again.delta, result.delta) && same_bits(again.sums, result.sums));
}

TEST_F(LossKernels, LossesAndGradientsAreTheCpus) {
  for (const std::size_t n : {0, 1, 31, 33, 1000, 3001}) {
    for (const float spread : {1.0F, 100.0F}) {
      expect_like_cpu(made_rows(Task::kBinary, n, 1, spread));
      expect_like_cpu(made_rows(Task::kRegression, n, 1, spread));
    }
  }
  for (const std::size_t outputs : {1, 2, 3, 31, 32, 33, 100}) {
    for (const std::size_t n : {0, 1, 9, 65}) {
      for (const float spread : {1.0F, 100.0F})
        expect_like_cpu(made_rows(Task::kMulticlass, n, outputs, spread));
    }
  }
}

TEST_F(LossKernels, ALogitThatIsNoNumberShowsInTheSum) {
  for (const Task task : {Task::kBinary, Task::kMulticlass, Task::kRegression}) {
    Rows rows = made_rows(task, 40, task == Task::kMulticlass ? 5 : 1, 1);
    rows.logits[rows.logits.size() - 2] = NAN;
    EXPECT_TRUE(std::isnan(on_device(rows).sums[0]));
  }
}

}  // namespace
}  // namespace millrace
