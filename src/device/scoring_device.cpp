#include "device/scoring_device.hpp"

#include <utility>

#include "base/log.hpp"
#include "base/topics.hpp"
#include "device/load_module.hpp"
#include "device/placed_network.hpp"

namespace millrace {

namespace {

std::unique_ptr<ScoringDevice> find_gpu(std::size_t least_rows, int local_rank) {
  ScoringModule& module = load_scoring_module(find_usable_module());
  const std::vector<DeviceInfo> all = module.devices();
  const std::size_t index = static_cast<std::size_t>(local_rank) % all.size();
  return std::make_unique<ScoringDevice>(module, static_cast<int>(index), all[index].name, least_rows);
}

}  // namespace

ScoringDevice::ScoringDevice(ScoringModule& module, int index, std::string name, std::size_t least_rows)
    : module_(module),
      index_(index),
      name_(std::move(name)),
      least_rows_(least_rows),
      counts_(std::make_shared<DeviceCounts>()) {}

std::shared_ptr<ForwardDevice> ScoringDevice::place(const Network& network, const std::string& model) {
  try {
    return std::make_shared<PlacedNetwork>(module_.make_network(index_, network), model, least_rows_,
                                           counts_);
  } catch (...) {
    ++counts_->failures;
    log_warning("{}: the CPU scores it, since the GPU failed: {}", model, current_error().message());
    return nullptr;
  }
}

std::unique_ptr<ScoringDevice> find_scoring_device(const ScoringDeviceOptions& options, int local_rank) {
  check_device_word("--device", options.device);
  if (options.device == "cpu") return nullptr;
  try {
    return find_gpu(options.least_rows, local_rank);
  } catch (const Error& error) {
    if (error.code() != ExitCode::kResource) throw;
    if (options.device == "cuda")
      throw Error(Topic::kNoGpu, "--device is 'cuda', but there is no GPU to use: {}", error.message());
    log_info("the CPU scores everything; no GPU: {}", error.message());
    return nullptr;
  }
}

}  // namespace millrace
