// Private to comm/: MPI's types for ours, and its error codes in words.
#pragma once

#include <cstdint>

#include <mpi.h>

#include "comm/communicator.hpp"

namespace millrace {

inline MPI_Comm native(bool is_world) {
  return is_world ? MPI_COMM_WORLD : MPI_COMM_SELF;
}

}  // namespace millrace
