// A back end on a GPU against the CPU's: gradients, updates, losses, predictions, whole steps and whole
// trainings. Skipped, with the reason, where there is no GPU (real or emulated).
#include <cmath>
#include <numeric>

#include <gtest/gtest.h>

#include "base/signals.hpp"
#include "training/cpu/cpu_backend.hpp"
#include "training/device.hpp"
#include "training/device_module.hpp"
#include "training/made_batch.hpp"
#include "training/made_rows.hpp"
#include "training/mpi_exchange.hpp"

namespace millrace {
namespace {

using testing_support::made_batch;
using testing_support::SmallRun;
using testing_support::specs;
using testing_support::state_of;

constexpr double kFloatUnit = 0x1p-24;

// How far a product's inputs (and, with bf16, a layer's stored values) are rounded.
double unit_of(const std::string& precision) {
  if (precision == "tf32") return 0x1p-11;
  return precision == "bf16" ? 0x1p-8 : kFloatUnit;
}

double distance(std::span<const float> a, std::span<const float> b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const double difference = static_cast<double>(a[i]) - static_cast<double>(b[i]);
    sum += difference * difference;
  }
  return std::sqrt(sum);
}
double length(std::span<const float> a) {
  return distance(a, std::vector<float>(a.size()));
}

void move_by(std::vector<float>& values, double unit, std::uint64_t seed) {
  CounterRandom random(seed);
  for (float& value : values) value *= static_cast<float>(1 + unit * (2 * random.uniform() - 1));
}

struct Answer {
  std::vector<float> values;  // a gradient, or logits
  LossSums sums;
};
using Question = std::function<Answer(Backend&, const Batch&)>;

Answer answer_of(Backend& backend, const OptimizerState& state, const Batch& batch,
                 const Question& question) {
  backend.load(state);
  return question(backend, batch);
}

// By backward error: a product that rounds what it reads and stores gives the exact product of weights and
// inputs moved by as much. So the CPU's own answers for weights and inputs moved at random by a layer's three
// roundings tell how far a device may be off; four times the farthest of eight such answers, and fp32's own
// rounding of sums.
class Tolerance {
 public:
  Tolerance(Backend& cpu, const OptimizerState& state, const Batch& batch, const Question& question,
            const std::string& precision)
      : exact_(answer_of(cpu, state, batch, question)) {
    for (std::uint64_t trial = 0; trial < 8; ++trial) {
      OptimizerState moved_state = state;
      Batch moved = batch;
      move_by(moved_state.parameters, 3 * unit_of(precision), 2 * trial);
      move_by(moved.numeric, unit_of(precision), 2 * trial + 1);
      moved_.push_back(answer_of(cpu, moved_state, moved, question));
    }
  }

  [[nodiscard]] const Answer& exact() const { return exact_; }
  [[nodiscard]] double loss() const {
    double farthest = 0;
    for (const Answer& moved : moved_) {
      farthest = std::max(farthest, std::abs(moved.sums.loss - exact_.sums.loss));
    }
    return 4 * farthest + 64 * kFloatUnit * (1 + std::abs(exact_.sums.loss));
  }
  // Of the distance between the values [first, first + size).
  [[nodiscard]] double values(std::size_t first, std::size_t size) const {
    const auto part = [&](const Answer& answer) { return std::span(answer.values).subspan(first, size); };
    double farthest = 0;
    for (const Answer& moved : moved_) farthest = std::max(farthest, distance(part(moved), part(exact_)));
    return 4 * farthest + 64 * kFloatUnit * (length(part(exact_)) + length(exact_.values) * 0x1p-4);
  }

 private:
  Answer exact_;
  std::vector<Answer> moved_;
};

class Gpu : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    config_.precision = GetParam();
    device_ = choose_device(comm_, config_);
    if (device_.module == nullptr) GTEST_SKIP() << "no GPU: " << device_.reason;
  }
  std::unique_ptr<Backend> gpu(const NetworkSpec& spec) {
    return make_backend(comm_, device_, spec, config_, BackendUse::kTraining);
  }

  Communicator comm_ = Communicator::world();
  TrainingConfig config_;
  Device device_;
};

TEST_P(Gpu, SaysWhatItIs) {
  const std::string description = gpu(specs().front())->description();
  EXPECT_TRUE(description.starts_with("cuda (")) << description;
  EXPECT_NE(description.find(GetParam()), std::string::npos) << description;
}

TEST_P(Gpu, GradientsAreTheCpus) {
  const Question question = [](Backend& backend, const Batch& batch) {
    Answer answer{std::vector<float>(0), {}};
    OptimizerState state;
    backend.store(state);
    answer.values.resize(state.parameters.size());
    answer.sums = backend.accumulate_gradient(batch, answer.values);
    return answer;
  };
  for (const NetworkSpec& spec : specs()) {
    CpuBackend cpu(spec, config_);
    const auto gpu = this->gpu(spec);
    const ParameterLayout layout(spec);
    const OptimizerState state = state_of(spec, 11);
    for (const std::size_t rows : {0U, 1U, 33U, 257U}) {
      SCOPED_TRACE(fmt::format("{} rows of {}", rows, Json(spec).dump()));
      const Batch batch = made_batch(spec, rows, 5 + rows);
      const Tolerance tolerance(cpu, state, batch, question, GetParam());
      const Answer answer = answer_of(*gpu, state, batch, question);
      EXPECT_NEAR(answer.sums.loss, tolerance.exact().sums.loss, tolerance.loss());
      EXPECT_NEAR(answer.sums.weight, tolerance.exact().sums.weight, 1e-6 * static_cast<double>(rows));
      for (const ParameterSlice& slice : layout.slices()) {
        const auto part = [&](const Answer& a) {
          return std::span(a.values).subspan(slice.offset, slice.size());
        };
        EXPECT_LE(distance(part(answer), part(tolerance.exact())),
                  tolerance.values(slice.offset, slice.size()))
            << slice.name;
      }
      if (rows < 257) continue;
      EXPECT_EQ(answer.values, answer_of(*gpu, state, batch, question).values) << "not the same twice";
    }
  }
}

TEST_P(Gpu, PredictsWhatTheCpuPredicts) {
  for (const NetworkSpec& spec : specs()) {
    CpuBackend cpu(spec, config_);
    const auto gpu = this->gpu(spec);
    const Question question = [&](Backend& backend, const Batch& batch) {
      Answer answer{std::vector<float>(batch.rows * spec.n_outputs), {}};
      backend.predict(batch.view(), answer.values);
      answer.sums = backend.evaluate(batch);
      return answer;
    };
    const OptimizerState state = state_of(spec, 4);
    for (const std::size_t rows : {0U, 1U, 515U}) {
      const Batch batch = made_batch(spec, rows, 6);
      const Tolerance tolerance(cpu, state, batch, question, GetParam());
      const Answer answer = answer_of(*gpu, state, batch, question);
      EXPECT_LE(distance(answer.values, tolerance.exact().values), tolerance.values(0, answer.values.size()));
      EXPECT_NEAR(answer.sums.loss, tolerance.exact().sums.loss, tolerance.loss());
    }
  }
}

// Both compute updates in fp32. Each of the few operations rounds by a unit; a moment's own error of a few
// units moves a step of learning_rate by as many.
TEST_P(Gpu, UpdatesAreTheCpus) {
  const NetworkSpec spec{Task::kBinary, 5, {{40, 3}}, {33}, 1, Activation::kRelu, 0, true};
  for (const double clip : {0.0, 0.5}) {
    config_.weight_decay = 0.1;
    config_.gradient_clip = clip;
    CpuBackend cpu(spec, config_);
    const auto gpu = this->gpu(spec);
    OptimizerState expected = state_of(spec, 8);
    OptimizerState got;
    cpu.load(expected);
    gpu->load(expected);
    const ParameterLayout layout(spec);
    for (std::uint64_t t = 1; t <= 7; ++t) {
      std::vector<float> gradient(layout.size());
      CounterRandom random(t);
      for (const ParameterSlice& slice : layout.slices()) {
        for (std::size_t i = 0; i < slice.size(); ++i) {
          gradient[slice.offset + i] = static_cast<float>(random.normal());
        }
      }
      cpu.apply_update(gradient, 0.25F, 0.01F);
      gpu->apply_update(gradient, 0.25F, 0.01F);
    }
    cpu.store(expected);
    gpu->store(got);
    EXPECT_EQ(got.updates, expected.updates);
    for (std::size_t i = 0; i < layout.size(); ++i) {
      EXPECT_NEAR(got.parameters[i], expected.parameters[i],
                  7 * 16 * kFloatUnit * (0.01 + std::abs(static_cast<double>(expected.parameters[i]))));
      EXPECT_NEAR(got.first_moment[i], expected.first_moment[i], 64 * kFloatUnit);
      EXPECT_NEAR(got.second_moment[i], expected.second_moment[i], 64 * kFloatUnit);
    }
  }
}

TEST_P(Gpu, GivesBackWhatItWasGiven) {
  const NetworkSpec spec = specs().front();
  OptimizerState state = state_of(spec, 3);
  move_by(state.first_moment = state.parameters, 0.5, 1);
  move_by(state.second_moment = state.parameters, 0.5, 2);
  state.updates = 17;
  const auto gpu = this->gpu(spec);
  gpu->load(state);
  OptimizerState back;
  gpu->store(back);
  EXPECT_EQ(back.parameters, state.parameters);
  EXPECT_EQ(back.first_moment, state.first_moment);
  EXPECT_EQ(back.second_moment, state.second_moment);
  EXPECT_EQ(back.updates, 17U);
}

// A step over this rank's parts of a batch, on either back end; AdamW's first step moves each parameter by
// the learning rate in its gradient's direction, so moments are compared: they are the gradient.
class GpuStep : public Gpu {
 protected:
  void SetUp() override {
    Gpu::SetUp();
    if (IsSkipped()) return;
    cpu_ = std::make_unique<CpuBackend>(spec_, config_);
    gpu_ = gpu(spec_);
  }
  StepSums step(Backend& backend, OptimizerState& state, bool poisoned = false) {
    const LanePlan plan(1000, config_, comm_.size());
    MpiExchange exchange(comm_, plan, ParameterLayout(spec_).size(), config_.deterministic);
    std::vector<Batch> parts;
    const Range groups = plan.groups_of_rank(comm_.rank());
    for (std::uint64_t g = groups.first; g < groups.end; ++g) {
      parts.push_back(made_batch(spec_, 10 + 7 * g, g));
    }
    if (poisoned && comm_.rank() == comm_.size() - 1) parts.back().target[0] = NAN;
    backend.load(state);
    const auto spoil = [&] {
      for (Batch& part : parts) std::ranges::fill(part.numeric, NAN);
    };
    const StepSums sums = backend.step(parts, 0.01F, exchange, spoil);
    backend.store(state);
    return sums;
  }

  NetworkSpec spec_{Task::kRegression, 3, {{4, 2}, {3, 1}}, {5, 4}, 1, Activation::kTanh, 0.2, true};
  std::unique_ptr<Backend> cpu_;
  std::unique_ptr<Backend> gpu_;
};

TEST_P(GpuStep, SumsOverPartsAndRanksAsOnTheCpu) {
  for (const bool deterministic : {false, true}) {
    config_.deterministic = deterministic;
    device_ = choose_device(comm_, config_);
    gpu_ = gpu(spec_);
    OptimizerState expected = state_of(spec_, 2);
    OptimizerState got = expected;
    const StepSums here = step(*cpu_, expected);
    const StepSums there = step(*gpu_, got);
    const double tolerance = 40 * unit_of(GetParam());  // a few layers, each a few roundings
    EXPECT_NEAR(there.loss, here.loss, tolerance * here.loss);
    EXPECT_NEAR(there.weight, here.weight, 1e-6 * here.weight);
    EXPECT_FALSE(there.stop);
    EXPECT_EQ(got.updates, 1U);
    EXPECT_LE(distance(got.first_moment, expected.first_moment), tolerance * length(expected.first_moment));
  }
}

TEST_P(GpuStep, LeavesEverythingWhereTheLossIsNoNumber) {
  OptimizerState state = state_of(spec_, 2);
  state.updates = 5;
  const OptimizerState before = state;
  EXPECT_TRUE(std::isnan(step(*gpu_, state, true).loss));
  EXPECT_EQ(state.parameters, before.parameters);
  EXPECT_EQ(state.first_moment, before.first_moment);
  EXPECT_EQ(state.updates, 5U);
}

TEST_P(GpuStep, CarriesTheWishToStop) {
  OptimizerState state = state_of(spec_, 2);
  if (comm_.rank() == comm_.size() - 1) request_stop();
  EXPECT_TRUE(step(*gpu_, state).stop);
  clear_stop_request();
  EXPECT_FALSE(step(*gpu_, state).stop);
}

TEST_P(Gpu, TrainsAsTheCpuDoes) {
  SmallRun run;
  run.config.epochs = 2;
  run.config.precision = GetParam();
  run.config.device = "cpu";
  const TrainingResult cpu = run.train();
  run.config.device = "cuda";
  const TrainingResult gpu = run.train();
  EXPECT_EQ(gpu.parameters, run.train().parameters) << "not the same twice";
  ASSERT_EQ(gpu.history.size(), cpu.history.size());
  for (std::size_t e = 0; e < cpu.history.size(); ++e) {
    const double tolerance = GetParam() == "bf16" ? 0.02 : GetParam() == "tf32" ? 5e-3 : 1e-4;
    EXPECT_NEAR(gpu.history[e].train_loss, cpu.history[e].train_loss, tolerance);
    EXPECT_NEAR(gpu.history[e].validation_loss, cpu.history[e].validation_loss, tolerance);
  }
}

TEST_P(Gpu, ResumesBitForBit) {
  SmallRun run;
  run.config.epochs = 1;
  run.config.precision = GetParam();
  run.config.device = "cuda";
  const TrainingResult undisturbed = run.train();
  run.config.checkpoint.every_steps = undisturbed.steps - 3;
  run.train();
  const TrainingResult resumed = run.train();
  EXPECT_EQ(resumed.resumed_from_step, undisturbed.steps - 3);
  EXPECT_EQ(resumed.parameters, undisturbed.parameters);
}

INSTANTIATE_TEST_SUITE_P(Precisions, Gpu, testing::Values("fp32", "tf32", "bf16"),
                         [](const auto& precision) { return precision.param; });
INSTANTIATE_TEST_SUITE_P(Precisions, GpuStep, testing::Values("fp32", "tf32", "bf16"),
                         [](const auto& precision) { return precision.param; });

}  // namespace
}  // namespace millrace
