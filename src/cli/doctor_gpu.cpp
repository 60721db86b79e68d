#include "cli/doctor_gpu.hpp"

#include "base/text.hpp"
#include "device/load_module.hpp"
#include "training/device.hpp"
#include "training/device_module.hpp"

namespace millrace {

namespace {

// `look` says what is there, or throws a resource error that says why not.
template <class Look>
Finding finding(const std::string& subject, const std::string& consequence, Look&& look) {
  try {
    return {"ok", subject, look(), ""};
  } catch (const Error& error) {
    return {"missing", subject, error.message(), consequence};
  }
}

std::string describe_devices(DeviceModule& module) {
  std::vector<std::string> all;
  for (const DeviceInfo& device : module.devices()) {
    all.push_back(fmt::format("{} ({})", device.name, human_bytes(static_cast<double>(device.memory))));
  }
  return join(all, ", ");
}

std::vector<Finding> examine_module() {
  DeviceModule* module = nullptr;
  std::vector<Finding> findings{finding("GPU module", "training runs on CPUs", [&] {
    std::string path = find_device_module();
    module = &load_device_module(path);
    return path;
  })};
  if (module == nullptr) return findings;
  findings.push_back(finding("GPU", "training runs on CPUs", [&] { return describe_devices(*module); }));
  findings.push_back(finding("NCCL", "gradients of several GPUs go through MPI, which is slower",
                             [&] { return module->collectives(); }));
  return findings;
}

Finding examine_choice(const Communicator& comm) {
  return finding("training", "correct what is said here", [&] {
    const Device device = choose_device(comm, TrainingConfig{});
    if (device.module == nullptr) return "on the CPU; no GPU: " + device.reason;
    const std::string gradients = device.gradients.empty() ? "" : "; gradients by " + device.gradients;
    return fmt::format("on a GPU for each rank ({}){}", device.found, gradients);
  });
}

}  // namespace

std::vector<Finding> examine_gpus(const Communicator& comm) {
  std::vector<Finding> findings;
  if (comm.is_root()) findings = examine_module();
  findings.push_back(examine_choice(comm));
  return findings;
}

}  // namespace millrace
