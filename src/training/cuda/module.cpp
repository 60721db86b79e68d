// What libmillrace_cuda.so offers to the executables that load it.
#include "base/version.hpp"
#include "training/cuda/cuda_backend.hpp"
#include "training/cuda/device_exchange.hpp"
#include "training/cuda/devices.hpp"
#include "training/cuda/scoring_network.hpp"

namespace millrace {

namespace {

class CudaModule final : public DeviceModule {
 public:
  std::vector<DeviceInfo> devices() override { return list_devices(); }
  std::string versions() override { return cuda_versions(); }
  std::unique_ptr<NetworkOnDevice> make_network(int device, const Network& network) override {
    use_device(device);
    return std::make_unique<ScoringNetwork>(device, network);
  }

  std::string collectives() override { return collective_library(); }
  std::string make_group_id() override { return new_group_id(); }

  std::unique_ptr<DeviceBackend> make_backend(int device, const NetworkSpec& spec,
                                              const TrainingConfig& config) override {
    use_device(device);
    return make_cuda_backend(list_devices().at(static_cast<std::size_t>(device)).name, spec, config);
  }

  std::unique_ptr<GradientExchange> make_exchange(int device, GradientExchange& host,
                                                  const std::optional<DeviceGroup>& group) override {
    use_device(device);
    return std::make_unique<DeviceExchange>(host, group ? join_group(*group) : nullptr);
  }
};

CudaModule& module() {
  static CudaModule module;
  return module;
}

}  // namespace

}  // namespace millrace

#define MILLRACE_EXPORT extern "C" __attribute__((visibility("default")))

MILLRACE_EXPORT const char* millrace_module_version() {
  static const std::string kVersion = millrace::code_version();
  return kVersion.c_str();
}

MILLRACE_EXPORT millrace::DeviceModule* millrace_module() {
  return &millrace::module();
}

MILLRACE_EXPORT millrace::ScoringModule* millrace_scoring_module() {
  return &millrace::module();
}
