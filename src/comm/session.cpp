#include "comm/session.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <thread>

#include <mpi.h>
#include <unistd.h>
#if __has_include(<mpi-ext.h>)  // Open MPI's own extensions
#include <mpi-ext.h>
#endif

#include "base/error.hpp"
#include "base/position.hpp"
#include "base/time.hpp"

namespace millrace {

struct MpiSession::Meeting {
  MPI_Comm comm = MPI_COMM_NULL;
};

namespace {

// A rank that waits lets others have its core. Open MPI spins instead where it believes to be alone, which on
// a workstation, beside other work, made training tens of times slower; on cores of its own a rank that
// yields goes on at once. What the environment says of it stands.
void wait_politely() {
  (void)::setenv("OMPI_MCA_mpi_yield_when_idle", "1", 0);  // NOLINT(concurrency-mt-unsafe): before any thread
}

}  // namespace

MpiSession::MpiSession() : meeting_(std::make_unique<Meeting>()) {
  wait_politely();
  int provided = 0;
  // Funneled: one thread works with MPI, while the watchdog's may end the job.
  if (MPI_Init_thread(nullptr, nullptr, MPI_THREAD_FUNNELED, &provided) != MPI_SUCCESS) {
    throw internal_error("MPI cannot be initialized");
  }
  MPI_Comm_dup(MPI_COMM_WORLD, &meeting_->comm);
}

MpiSession::~MpiSession() {
  const InOperation here(Blocking::kCollective, "MPI_Finalize", 0);
  MPI_Comm_free(&meeting_->comm);
  MPI_Finalize();
}

bool MpiSession::all_arrive(double seconds) const {
  MPI_Request request = MPI_REQUEST_NULL;
  MPI_Ibarrier(meeting_->comm, &request);
  const Stopwatch watch;
  for (int done = 0; done == 0;) {
    MPI_Test(&request, &done, MPI_STATUS_IGNORE);
    if (done == 0 && watch.seconds() > seconds) return false;
    if (done == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  }
  return true;
}

void end_job(int exit_code) {
  int initialized = 0;
  int finalized = 0;
  MPI_Initialized(&initialized);
  MPI_Finalized(&finalized);
  if (initialized != 0 && finalized == 0) MPI_Abort(MPI_COMM_WORLD, exit_code);
  std::_Exit(exit_code);
}

void leave_job(int exit_code) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    const auto path = line.find("/dev/shm/vader_segment");
    if (path != std::string::npos) ::unlink(line.c_str() + path);
  }
  std::_Exit(exit_code);
}

std::string mpi_library_version() {
  std::array<char, MPI_MAX_LIBRARY_VERSION_STRING> text{};
  int length = 0;
  MPI_Get_library_version(text.data(), &length);
  const std::string version(text.data(), static_cast<std::size_t>(length));
  return version.substr(0, version.find_first_of(",\n"));
}

bool launched_by_mpi() {
  int initialized = 0;
  MPI_Initialized(&initialized);
  return initialized != 0 || std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr ||
         std::getenv("PMIX_RANK") != nullptr || std::getenv("PMI_RANK") != nullptr;
}

bool mpi_takes_device_memory() {
#ifdef MPIX_CUDA_AWARE_SUPPORT
  return MPIX_Query_cuda_support() != 0;
#else
  return false;
#endif
}

}  // namespace millrace
