// MPI's lifetime: made once by main, before any Communicator; its end finalizes MPI on every rank.
#pragma once

#include <string>

namespace millrace {

class MpiSession {
 public:
  MpiSession();
  ~MpiSession();
  MpiSession(const MpiSession&) = delete;
  MpiSession& operator=(const MpiSession&) = delete;
};

// The library's own version text; works without a session.
std::string mpi_library_version();
// True where a launcher (mpirun, srun) started this process as one of several ranks, or where MPI is
// initialized.
bool launched_by_mpi();

}  // namespace millrace
