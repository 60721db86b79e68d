// What libmillrace_cuda.so offers to the executable that loads it.
#include "base/version.hpp"
#include "training/cuda/cuda_backend.hpp"
#include "training/cuda/cuda_check.hpp"
#include "training/cuda/device_exchange.hpp"
#include "training/cuda/devices.hpp"

namespace millrace {

namespace {

void use(int device) {
  check(cudaSetDevice(device), fmt::format("using GPU {}", device));
}

class CudaModule final : public DeviceModule {
 public:
  std::vector<DeviceInfo> devices() override { return list_devices(); }
  std::string versions() override { return cuda_versions(); }
  std::string collectives() override { return collective_library(); }
  std::string make_group_id() override { return new_group_id(); }

  std::unique_ptr<DeviceBackend> make_backend(int device, const NetworkSpec& spec,
                                              const TrainingConfig& config) override {
    use(device);
    return make_cuda_backend(list_devices().at(static_cast<std::size_t>(device)).name, spec, config);
  }

  std::unique_ptr<GradientExchange> make_exchange(int device, GradientExchange& host,
                                                  const std::optional<DeviceGroup>& group) override {
    use(device);
    return std::make_unique<DeviceExchange>(host, group ? join_group(*group) : nullptr);
  }
};

}  // namespace

}  // namespace millrace

#define MILLRACE_EXPORT extern "C" __attribute__((visibility("default")))

MILLRACE_EXPORT const char* millrace_module_version() {
  static const std::string kVersion = millrace::code_version();
  return kVersion.c_str();
}

MILLRACE_EXPORT millrace::DeviceModule* millrace_module() {
  static millrace::CudaModule module;
  return &module;
}
