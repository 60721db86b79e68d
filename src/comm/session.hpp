// MPI's lifetime: made once by main, before any Communicator; its end finalizes MPI on every rank.
#pragma once

#include <memory>
#include <string>

namespace millrace {

class MpiSession {
 public:
  MpiSession();
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;

  // Waits until every rank has called this, at most `seconds`. False means that some rank is stuck elsewhere
  // (an error that only this rank has seen): then end_job() is the only end that leaves nobody hanging.
  [[nodiscard]] bool all_arrive(double seconds) const;

 private:
  struct Meeting;  // a communicator of its own: meeting must not mix with the work's collectives
  std::unique_ptr<Meeting> meeting_;
};

// Ends all processes of the job, or this one where MPI is not in use; may be called on any thread.
[[noreturn]] void end_job(int exit_code);

// Ends this process alone, where the launcher that would clean up is gone: takes Open MPI's shared memory
// along.
[[noreturn]] void leave_job(int exit_code);

// The library's own version text; works without a session.
std::string mpi_library_version();
// True where a launcher (mpirun, srun) started this process as one of several ranks, or where MPI is
// initialized.
bool launched_by_mpi();
// Whether this MPI says that collectives may be given CUDA device memory. False where it has no way to say
// it.
bool mpi_takes_device_memory();

}  // namespace millrace
