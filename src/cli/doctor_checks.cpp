#include "cli/doctor_checks.hpp"

#include <cstdlib>
#include <filesystem>
#include <map>
#include <set>
#include <thread>

#include <sys/statvfs.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/file.hpp"
#include "base/host.hpp"
#include "base/publish.hpp"
#include "base/text.hpp"
#include "base/time.hpp"
#include "cli/doctor_gpu.hpp"
#include "comm/session.hpp"
#include "storage/hdf5.hpp"

namespace millrace {

namespace {

Finding check_mpi(const Communicator& comm) {
  const auto hosts = comm.all_gather(host_name());
  const std::set<std::string> distinct(hosts.begin(), hosts.end());
  const std::string found =
      fmt::format("{}; {} rank(s) on {} host(s)", mpi_library_version(), comm.size(), distinct.size());
  const bool alone = comm.size() == 1;
  return {"ok", "MPI", found,
          alone ? "one rank: start with 'mpirun -n RANKS millrace …' to use more cores" : ""};
}

Finding check_cores(const Communicator& comm) {
  const unsigned cores = std::thread::hardware_concurrency();
  const bool crowded = static_cast<unsigned>(comm.size()) > cores;
  return {crowded ? "warning" : "ok", "cores", fmt::format("{} on this host", cores),
          crowded ? "more ranks than cores: they take turns" : ""};
}

Finding check_hdf5() {
  return {"ok", "HDF5", hdf5::library_version(), ""};
}

Finding check_shared_memory() {
  struct statvfs status {};
  if (::statvfs("/dev/shm", &status) != 0) {
    return {"missing", "/dev/shm", "not mounted", "MPI's ranks on one host talk more slowly"};
  }
  const double bytes = static_cast<double>(status.f_bavail) * static_cast<double>(status.f_frsize);
  const bool small = bytes < 256e6;
  return {small ? "warning" : "ok", "/dev/shm", human_bytes(bytes) + " free",
          small ? "MPI may fail with bus errors: in a container raise its shared memory (--shm-size)" : ""};
}

bool in_path(const std::string& program) {
  const char* path = std::getenv("PATH");
  for (const std::string& folder : split(path == nullptr ? "" : path, ':')) {
    if (::access((folder + "/" + program).c_str(), X_OK) == 0) return true;
  }
  return false;
}

Finding check_slurm() {
  if (in_path("sbatch")) return {"ok", "Slurm", "sbatch is in the path", ""};
  return {"missing", "Slurm", "no sbatch in the path", "start with mpirun on this machine"};
}

// The file system's name by its magic number (statfs(2)).
std::string file_system_name(const std::string& path) {
  static const std::map<std::uint64_t, std::string> kNames{
      {0x6969, "NFS"},       {0x0BD00BD0, "Lustre"}, {0x47504653, "GPFS"},  {0x19830326, "BeeGFS"},
      {0xEF53, "ext"},       {0x58465342, "XFS"},    {0x01021994, "tmpfs"}, {0x794C7630, "overlay"},
      {0x9123683E, "btrfs"}, {0x2FC12FC1, "ZFS"},    {0xFF534D42, "CIFS"},  {0x65735546, "FUSE"},
      {0x00C36400, "Ceph"}};
  struct statfs status {};
  if (::statfs(path.c_str(), &status) != 0) return "unknown";
  const auto found = kNames.find(static_cast<std::uint64_t>(status.f_type));
  return found != kNames.end() ? found->second : fmt::format("{:#x}", status.f_type);
}

Finding check_file_system(const std::string& workspace) {
  const std::string probe = workspace + "/.doctor";
  try {
    make_folder(workspace);
    const Stopwatch watch;
    publish_file(probe, "probe");
    const double seconds = watch.seconds();
    const bool exclusive = !publish_exclusive(probe, "second");
    std::filesystem::remove(probe);
    const std::string found = fmt::format("{} on {}, publishing a file takes {}", workspace,
                                          file_system_name(workspace), human_seconds(seconds));
    if (!exclusive)
      return {"warning", "workspace", found, "link(2) replaces files here: the registry is not safe"};
    return {"ok", "workspace", found, ""};
  } catch (const Error& error) {
    return {"warning", "workspace", error.message(), "choose a folder that can be written with --workspace"};
  }
}

}  // namespace

std::vector<Finding> examine_machine(const Communicator& comm, const std::string& workspace) {
  std::vector<Finding> findings{check_mpi(comm)};
  const std::vector<Finding> gpu = examine_gpus(comm);
  if (!comm.is_root()) return findings;
  findings.insert(findings.end(), {check_cores(comm), check_hdf5()});
  findings.insert(findings.end(), gpu.begin(), gpu.end());
  findings.insert(findings.end(), {check_shared_memory(), check_slurm(), check_file_system(workspace)});
  return findings;
}

}  // namespace millrace
