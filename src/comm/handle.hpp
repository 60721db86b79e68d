// Private to comm/: MPI's communicator behind ours.
#pragma once

#include <optional>

#include <mpi.h>

#include "comm/communicator.hpp"

namespace millrace {

class Communicator::Handle {
 public:
  // Of MPI's own; they are not freed.
  explicit Handle(MPI_Comm comm) : comm_(comm) {}
  // Those of `parent` that give the same `group`. `place`: this rank's on its host, among the parent's.
  Handle(MPI_Comm parent, int group, int rank, LocalRank place) : is_ours_(true), place_(place) {
    MPI_Comm_split(parent, group, rank, &comm_);
  }
  ~Handle() {
    int finalized = 0;
    MPI_Finalized(&finalized);
    if (is_ours_ && finalized == 0) MPI_Comm_free(&comm_);
  }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  [[nodiscard]] MPI_Comm native() const { return comm_; }
  [[nodiscard]] const std::optional<LocalRank>& place() const { return place_; }

 private:
  MPI_Comm comm_ = MPI_COMM_NULL;
  bool is_ours_ = false;
  std::optional<LocalRank> place_;  // of a group
};

}  // namespace millrace
