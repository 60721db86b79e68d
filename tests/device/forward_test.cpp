// A network's forward pass on a GPU (a real or an emulated one) against sums in double, and the CPU's against
// the same. Skipped, with the reason, where there is no GPU.
#include <thread>

#include <gtest/gtest.h>

#include "device/exact_forward.hpp"
#include "device/load_module.hpp"
#include "model/random_network.hpp"

namespace millrace {
namespace {

using testing_support::ExactForward;
using testing_support::random_parameters;
using testing_support::RandomBatch;

// All tasks and activations, embeddings, the linear path; without numbers, without hidden layers.
std::vector<NetworkSpec> narrow_specs() {
  return {{Task::kBinary, 3, {{4, 2}, {3, 1}}, {5, 4}, 1, Activation::kRelu, 0, true},
          {Task::kMulticlass, 2, {{5, 3}}, {7}, 4, Activation::kGelu, 0, false},
          {Task::kRegression, 6, {}, {4, 3, 2}, 1, Activation::kTanh, 0.4, true},
          {Task::kMulticlass, 0, {{5, 3}}, {}, 3, Activation::kRelu, 0, true}};
}
std::vector<NetworkSpec> wide_specs() {
  return {{Task::kBinary, 30, {{1000, 16}, {50, 8}}, {512, 256, 128}, 1, Activation::kRelu, 0.1, true},
          {Task::kMulticlass, 257, {}, {129}, 100, Activation::kGelu, 0, false},
          {Task::kRegression, 100, {{7, 4}}, {1024, 1024, 1024}, 1, Activation::kTanh, 0, false}};
}

class GpuForward : public testing::Test {
 protected:
  void SetUp() override {
    try {
      module_ = &load_scoring_module(find_usable_module());
      emulated_ = module_->devices().front().name == "emulated GPU";
    } catch (const Error& error) {
      if (error.code() != ExitCode::kResource) throw;
      GTEST_SKIP() << "no GPU: " << error.message();
    }
  }

  // Of a batch: the first and the last rows, those around the pieces that a device may cut it into, and some.
  static std::vector<std::size_t> looked_at(std::size_t rows) {
    std::vector<std::size_t> looked;
    for (std::size_t r = 0; r < rows; ++r) {
      const bool at_a_border = (r + 1) % 4096 < 2;
      if (r < 2 || r + 2 > rows || at_a_border || r % (rows / 8 + 1) == 3) looked.push_back(r);
    }
    return looked;
  }

  void expect_exact(const NetworkSpec& spec, std::initializer_list<std::size_t> sizes) {
    const Network network(spec, random_parameters(spec, 3));
    const auto on_gpu = module_->make_network(0, network);
    const ExactForward exact(network);
    Network::Workspace workspace;
    for (const std::size_t rows : sizes) {
      SCOPED_TRACE(fmt::format("{} rows of {}", rows, Json(spec).dump()));
      const RandomBatch batch(spec, rows, 7 + rows);
      std::vector<float> logits(rows * spec.n_outputs, NAN);
      on_gpu->forward(batch.view(), logits);
      for (const float logit : logits) ASSERT_TRUE(std::isfinite(logit));
      for (const std::size_t r : looked_at(rows)) {
        const auto expected = exact.logits(batch.view(), r);
        std::vector<float> on_cpu(spec.n_outputs);
        network.forward(batch.row(spec, r), workspace, on_cpu);
        for (std::size_t o = 0; o < spec.n_outputs; ++o) {
          ASSERT_NEAR(logits[r * spec.n_outputs + o], expected[o].value, expected[o].bound) << "row " << r;
          ASSERT_NEAR(on_cpu[o], expected[o].value, expected[o].bound) << "row " << r << " on the CPU";
        }
      }
    }
  }

  ScoringModule* module_ = nullptr;
  bool emulated_ = false;
};

TEST_F(GpuForward, IsExactForNarrowNetworks) {
  for (const NetworkSpec& spec : narrow_specs())
    expect_exact(spec, {1, 2, 31, 32, 33, 1000, 16384, 16385, 40000, 65536});
}

TEST_F(GpuForward, IsExactForWideNetworks) {
  for (const NetworkSpec& spec : wide_specs()) {
    if (emulated_) {
      expect_exact(spec, {1, 33});
    } else {
      expect_exact(spec, {1, 2, 33, 1000, 4097, 16385, 65536});
    }
  }
}

// A bound that anything meets would say nothing: a weight that is off by a thousandth shows.
TEST_F(GpuForward, ShowsAWeightThatIsOff) {
  const NetworkSpec spec = narrow_specs().front();
  const Network network(spec, random_parameters(spec, 3));
  std::vector<float> moved = random_parameters(spec, 3);
  moved[ParameterLayout(spec)["output.bias"].offset] += 1e-3F;
  const auto off = module_->make_network(0, Network(spec, moved));
  const RandomBatch batch(spec, 1, 1);
  std::vector<float> logits(1);
  off->forward(batch.view(), logits);
  const auto expected = ExactForward(network).logits(batch.view(), 0).front();
  EXPECT_GT(std::abs(static_cast<double>(logits[0]) - expected.value), expected.bound);
}

// More threads than a network has lanes; each asks for sizes of its own, again and again.
TEST_F(GpuForward, AnswersManyThreadsAsOne) {
  const NetworkSpec spec = narrow_specs().front();
  const Network network(spec, random_parameters(spec, 5));
  const auto on_gpu = module_->make_network(0, network);
  struct Question {
    RandomBatch batch;
    std::vector<float> answer;
  };
  std::vector<Question> questions;
  for (std::size_t i = 0; i < 5; ++i) {
    questions.push_back({RandomBatch(spec, 1 + 700 * i, i), std::vector<float>(1 + 700 * i)});
    on_gpu->forward(questions.back().batch.view(), questions.back().answer);
  }
  std::atomic<int> different{0};
  {
    std::vector<std::jthread> threads;
    for (const Question& question : questions) {
      threads.emplace_back([&] {
        std::vector<float> answer(question.answer.size());
        for (int i = 0; i < (emulated_ ? 3 : 200); ++i) {
          std::ranges::fill(answer, NAN);
          on_gpu->forward(question.batch.view(), answer);
          if (answer != question.answer) ++different;
        }
      });
    }
  }
  EXPECT_EQ(different, 0);
}

TEST_F(GpuForward, HoldsSeveralNetworks) {
  const NetworkSpec spec = narrow_specs()[1];
  const RandomBatch batch(spec, 40, 2);
  std::vector<std::vector<float>> answers;
  for (const std::uint64_t seed : {1U, 2U, 1U}) {
    const auto on_gpu = module_->make_network(0, Network(spec, random_parameters(spec, seed)));
    on_gpu->forward(batch.view(), answers.emplace_back(40 * spec.n_outputs));
  }
  EXPECT_NE(answers[0], answers[1]);
  EXPECT_EQ(answers[0], answers[2]);
}

}  // namespace
}  // namespace millrace
