#include "training/device.hpp"

#include <algorithm>
#include <limits>
#include <set>

#include "base/host.hpp"
#include "base/json.hpp"
#include "base/topics.hpp"
#include "base/watchdog.hpp"
#include "device/load_module.hpp"
#include "training/cpu/cpu_backend.hpp"
#include "training/device_module.hpp"

namespace millrace {

namespace {

// What one rank found; travels as JSON.
struct Finding {
  std::string host = host_name();
  std::string obstacle;  // why this rank has no GPU; empty: it has one
  std::string name;      // of the GPU
  std::string bus_id;
  std::string collectives;  // the GPUs' library; empty: missing, and why
  std::string no_collectives;
};

std::string to_bytes(const Finding& f) {
  return Json({f.host, f.obstacle, f.name, f.bus_id, f.collectives, f.no_collectives}).dump();
}
Finding to_finding(const std::string& bytes) {
  const auto f = Json::parse(bytes).get<std::vector<std::string>>();
  return {f.at(0), f.at(1), f.at(2), f.at(3), f.at(4), f.at(5)};
}

void look_for_gpu(const LocalRank& local, Device& device, Finding& finding) {
  device.module = &load_device_module(find_usable_module());
  const std::vector<DeviceInfo> all = device.module->devices();
  device.index = static_cast<int>(static_cast<std::size_t>(local.rank) % all.size());
  const DeviceInfo& mine = all[static_cast<std::size_t>(device.index)];
  device.found = finding.name = mine.name;
  finding.bus_id = mine.bus_id;
  try {
    finding.collectives = device.module->collectives();
  } catch (const Error& error) {
    finding.no_collectives = error.message();
  }
}

// A GPU that cannot be had is no error yet: others may decide that the CPU will do.
Finding look(const LocalRank& local, Device& device) {
  Finding finding;
  try {
    look_for_gpu(local, device, finding);
  } catch (const Error& error) {
    if (error.code() != ExitCode::kResource) throw;
    finding.obstacle = error.message();
  }
  return finding;
}

// The first obstacle, with its rank unless all have met the same; empty where there is none.
std::string obstacle(const std::vector<Finding>& ranks) {
  const auto lacks = [](const Finding& f) { return !f.obstacle.empty(); };
  const auto first = std::ranges::find_if(ranks, lacks);
  if (first == ranks.end()) return "";
  const bool all_alike =
      std::ranges::all_of(ranks, [&](const Finding& f) { return f.obstacle == first->obstacle; });
  if (all_alike) return first->obstacle;
  return fmt::format("rank {} on {}: {}", first - ranks.begin(), first->host, first->obstacle);
}

// How gradients get from GPU to GPU: directly where each rank has one of its own.
void choose_path(const std::vector<Finding>& ranks, bool deterministic, Device& device) {
  std::set<std::string> gpus;
  for (const Finding& f : ranks) gpus.insert(f.host + " " + f.bus_id);
  device.gpus = static_cast<int>(gpus.size());
  if (ranks.size() == 1) return;
  const auto without =
      std::ranges::find_if(ranks, [](const Finding& f) { return !f.no_collectives.empty(); });
  if (deterministic) {
    device.gradients = "MPI: deterministic";
  } else if (gpus.size() < ranks.size()) {
    device.gradients = "MPI: ranks share a GPU";
  } else if (without != ranks.end()) {
    device.gradients = fmt::format("MPI: {}", without->no_collectives);
  } else {
    device.gradients = ranks.front().collectives;
    device.joined = true;
  }
}

DeviceGroup make_group(const Communicator& comm, const Device& device) {
  std::string id = comm.agree([&] { return comm.is_root() ? device.module->make_group_id() : ""; });
  comm.broadcast(id);
  const double deadline = current_deadlines().collective;
  return {id, comm.rank(), comm.size(), deadline > 0 ? deadline : std::numeric_limits<double>::infinity()};
}

}  // namespace

DeviceModule& load_device_module(const std::string& path) {
  return load_module_object<DeviceModule>(path, kModuleSymbol);
}

Device choose_device(const Communicator& comm, const TrainingConfig& config) {
  check_device_word("training.device", config.device);
  Device device;
  if (config.device == "cpu") return device;
  const LocalRank local = comm.on_this_host();
  const Finding mine = comm.agree([&] { return look(local, device); });
  std::vector<Finding> ranks;
  for (const std::string& bytes : comm.all_gather(to_bytes(mine))) ranks.push_back(to_finding(bytes));
  device.reason = obstacle(ranks);
  if (!device.reason.empty()) {
    device.module = nullptr;
    if (config.device == "auto") return device;
    throw Error(Topic::kNoGpu, "training.device is 'cuda', but there is no GPU to use: {}", device.reason);
  }
  device.name = "cuda";
  choose_path(ranks, config.deterministic, device);
  return device;
}

std::string training_device(const Communicator& comm, const TrainingConfig& config) {
  const Device device = choose_device(comm, config);
  return device.module == nullptr ? device.name : device.name + " " + config.precision;
}

std::unique_ptr<Backend> make_backend(const Communicator& comm, const Device& device, const NetworkSpec& spec,
                                      const TrainingConfig& config, BackendUse use) {
  if (device.module == nullptr) return std::make_unique<CpuBackend>(spec, config);
  std::unique_ptr<DeviceBackend> backend =
      comm.agree([&] { return device.module->make_backend(device.index, spec, config); });
  if (device.joined && use == BackendUse::kTraining) {
    const DeviceGroup group = make_group(comm, device);
    comm.agree([&] { backend->join(group); });  // ends by its deadline, so no rank is left waiting
  }
  return backend;
}

std::string describe(const Device& device, const Backend& backend) {
  if (!device.reason.empty()) return fmt::format("{}; no GPU: {}", backend.description(), device.reason);
  if (!device.gradients.empty())
    return fmt::format("{}; gradients by {}", backend.description(), device.gradients);
  return backend.description();
}

}  // namespace millrace
