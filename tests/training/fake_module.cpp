// A module whose 'GPU' is the CPU, for tests of how a device is chosen: the environment says which rank has
// none (FAKE_GPU_LACKS_RANK), whether all ranks share one (FAKE_GPU_SHARED) or each sees the three of its
// host (FAKE_GPU_THREE), and what is wrong with the GPUs' own library (FAKE_GPU_NO_COLLECTIVES).
#include <cstdlib>

#include "base/error.hpp"
#include "base/version.hpp"
#include "training/cpu/cpu_backend.hpp"
#include "training/device_module.hpp"

#ifndef FAKE_VERSION
#define FAKE_VERSION millrace::code_version()
#endif

namespace millrace {
namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

class FakeBackend final : public DeviceBackend {
 public:
  FakeBackend(const NetworkSpec& spec, const TrainingConfig& config) : cpu_(spec, config) {}
  [[nodiscard]] std::string description() const override { return joined_ ? "fake, joined" : "fake"; }
  void load(const OptimizerState& state) override { cpu_.load(state); }
  void store(OptimizerState& state) const override { cpu_.store(state); }
  StepSums step(std::span<const Batch> parts, float rate, GradientExchange& exchange,
                const Meanwhile& meanwhile) override {
    return cpu_.step(parts, rate, exchange, meanwhile);
  }
  LossSums accumulate_gradient(const Batch& batch, std::span<float> gradient) override {
    return cpu_.accumulate_gradient(batch, gradient);
  }
  void apply_update(std::span<const float> gradient, float scale, float rate) override {
    cpu_.apply_update(gradient, scale, rate);
  }
  LossSums evaluate(const Batch& batch) override { return cpu_.evaluate(batch); }
  void predict(const BatchView& batch, std::span<float> logits) override { cpu_.predict(batch, logits); }
  void join(const DeviceGroup& group) override {
    if (group.id != "the group" || group.deadline <= 0) throw resource_error("a wrong group");
    joined_ = true;
  }

 private:
  CpuBackend cpu_;
  bool joined_ = false;
};

class FakeModule final : public DeviceModule {
 public:
  std::vector<DeviceInfo> devices() override {
    const std::string rank = variable("OMPI_COMM_WORLD_RANK");
    if (!rank.empty() && rank == variable("FAKE_GPU_LACKS_RANK")) throw resource_error("it fell off the bus");
    if (!variable("FAKE_GPU_THREE").empty())
      return {{"Fake 9000", "0", 1U << 20U}, {"Fake 9000", "1", 1U << 20U}, {"Fake 9000", "2", 1U << 20U}};
    const std::string slot = variable("FAKE_GPU_SHARED").empty() ? rank : "shared";
    return {{"Fake 9000", "0000:" + slot, 1U << 20U}};
  }
  std::string versions() override { return "none: this is a fake"; }
  std::unique_ptr<NetworkOnDevice> make_network(int, const Network&) override {
    throw resource_error("a fake that trains alone");
  }
  std::string collectives() override {
    const std::string trouble = variable("FAKE_GPU_NO_COLLECTIVES");
    if (!trouble.empty()) throw resource_error("{}", trouble);
    return "FakeNet 1";
  }
  std::string make_group_id() override { return "the group"; }
  std::unique_ptr<DeviceBackend> make_backend(int, const NetworkSpec& spec,
                                              const TrainingConfig& config) override {
    return std::make_unique<FakeBackend>(spec, config);
  }
  std::unique_ptr<GradientExchange> make_exchange(int, GradientExchange&,
                                                  const std::optional<DeviceGroup>&) override {
    throw resource_error("a fake has no exchange of its own");
  }
};

}  // namespace
}  // namespace millrace

extern "C" {

__attribute__((visibility("default"))) const char* millrace_module_version() {
  static const std::string kVersion = FAKE_VERSION;
  return kVersion.c_str();
}

__attribute__((visibility("default"))) millrace::DeviceModule* millrace_module() {
  static millrace::FakeModule module;
  return &module;
}

}  // extern "C"
