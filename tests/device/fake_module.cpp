// A module whose 'GPU' is the CPU, for tests of how it is used: its logits are those of the network plus one,
// so that its answers are told from the CPU's. The environment says what is wrong with it, at each call:
// FAKE_GPU_GONE (no device), FAKE_GPU_FULL (no network finds room), FAKE_GPU_FAILS (every forward pass).
#include <cstdlib>
#include <string>

#include "base/topics.hpp"
#include "base/version.hpp"
#include "device/module.hpp"

namespace millrace {
namespace {

bool is_set(const char* name) {
  return std::getenv(name) != nullptr;
}

class FakeNetwork final : public NetworkOnDevice {
 public:
  explicit FakeNetwork(const Network& network) : network_(network) {}
  void forward(const BatchView& batch, std::span<float> logits) override {
    if (is_set("FAKE_GPU_FAILS")) throw Error(Topic::kGpuFailed, "it fell off the bus");
    Network::Workspace workspace;
    network_.forward(batch, workspace, logits);
    for (float& logit : logits.first(batch.rows * network_.spec().n_outputs)) logit += 1;
  }

 private:
  Network network_;
};

class FakeModule final : public ScoringModule {
 public:
  std::vector<DeviceInfo> devices() override {
    if (is_set("FAKE_GPU_GONE")) throw Error(Topic::kNoGpu, "it is not plugged in");
    return {{"Fake 9000", "0000:0", 1U << 20U}, {"Fake 9001", "0000:1", 1U << 20U}};
  }
  std::string versions() override { return "none: this is a fake"; }
  std::unique_ptr<NetworkOnDevice> make_network(int, const Network& network) override {
    if (is_set("FAKE_GPU_FULL")) throw Error(Topic::kGpuFailed, "out of memory");
    return std::make_unique<FakeNetwork>(network);
  }
};

}  // namespace
}  // namespace millrace

extern "C" {

__attribute__((visibility("default"))) const char* millrace_module_version() {
  static const std::string kVersion = millrace::code_version();
  return kVersion.c_str();
}

__attribute__((visibility("default"))) millrace::ScoringModule* millrace_scoring_module() {
  static millrace::FakeModule module;
  return &module;
}

}  // extern "C"
