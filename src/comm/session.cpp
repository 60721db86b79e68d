#include "comm/session.hpp"

#include <array>
#include <chrono>
#include <cstdlib>
#include <thread>

#include <mpi.h>

#include "base/error.hpp"
#include "base/time.hpp"

namespace millrace {

MpiSession::MpiSession() {
  if (MPI_Init(nullptr, nullptr) != MPI_SUCCESS) throw internal_error("MPI cannot be initialized");
}

MpiSession::~MpiSession() {
  MPI_Finalize();
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

}  // namespace millrace
