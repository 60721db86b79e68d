#include "pipeline/environment.hpp"

#include <cstdlib>
#include <fstream>
#include <set>
#include <thread>

#include <sys/utsname.h>

#include "base/host.hpp"
#include "base/text.hpp"
#include "base/version.hpp"
#include "comm/session.hpp"
#include "device/load_module.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

namespace {

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The value behind the first line that begins so: 'PRETTY_NAME="Debian…"', "model name : AMD…". "" without
// one.
std::string value_in(const char* file, const std::string& key, char separator) {
  std::ifstream in(file);
  for (std::string line; std::getline(in, line);) {
    const auto at = line.find(separator);
    if (line.starts_with(key) && at != std::string::npos)
      return std::string(trim(std::string_view(line).substr(at + 1)));
  }
  return "";
}

std::string system_name() {
  std::string name = value_in("/etc/os-release", "PRETTY_NAME", '=');
  std::erase(name, '"');
  return name;
}

std::string kernel() {
  struct utsname names {};
  return ::uname(&names) == 0 ? fmt::format("{} {} {}", names.sysname, names.release, names.machine) : "";
}

// LOADEDMODULES: what Environment Modules and Lmod both keep, apart by colons.
Json loaded_modules() {
  const std::string modules = variable("LOADEDMODULES");
  return modules.empty() ? Json(nullptr) : Json(split(modules, ':'));
}

Json hosts_of(const Communicator& comm) {
  const auto hosts = comm.all_gather(host_name());
  return std::set<std::string>(hosts.begin(), hosts.end());
}

// The module is loaded already where a GPU trained; where one did for an earlier run, it may be gone.
Json cuda_versions(const std::string& device) {
  if (device.starts_with("cpu")) return nullptr;
  try {
    return load_scoring_module(find_device_module()).versions();
  } catch (const Error& error) {
    return error.message();
  }
}

}  // namespace

Json slurm_job() {
  const std::string job = variable("SLURM_JOB_ID");
  if (job.empty()) return nullptr;
  const std::string restarts = variable("SLURM_RESTART_COUNT");  // set from the first restart on
  return {{"job_id", job},
          {"restarts", restarts.empty() ? 0 : std::atoi(restarts.c_str())},
          {"cluster", variable("SLURM_CLUSTER_NAME")},
          {"partition", variable("SLURM_JOB_PARTITION")},
          {"account", variable("SLURM_JOB_ACCOUNT")},
          {"qos", variable("SLURM_JOB_QOS")},
          {"scripts", variable("MILLRACE_JOBS")},
          {"nodes", variable("SLURM_JOB_NODELIST")}};
}

Json environment(const Communicator& comm, const std::string& device) {
  return {{"system", system_name()},
          {"kernel", kernel()},
          {"processor", value_in("/proc/cpuinfo", "model name", ':')},
          {"cores", std::thread::hardware_concurrency()},
          {"hosts", hosts_of(comm)},
          {"ranks", comm.size()},
          {"compiler", compiler()},
          {"build", build_type()},
          {"mpi", mpi_library_version()},
          {"hdf5", hdf5::library_version()},
          {"device", device},
          {"modules", loaded_modules()},
          {"cuda", cuda_versions(device)}};
}

}  // namespace millrace
