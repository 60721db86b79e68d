// In what a run was computed: compiler, libraries, modules, devices, machine, job. What an auditor asks for,
// and what one compares where the same configuration gives other numbers.
#pragma once

#include "base/json.hpp"
#include "comm/communicator.hpp"

namespace millrace {

// Which Slurm job this is, as Slurm itself tells every process of it; null outside of Slurm.
Json slurm_job();

// Equal for nights on equal machines, so that they share it: "system", "kernel", "processor", "cores" (of
// rank 0's host), "hosts", "ranks", "compiler", "build", "mpi", "hdf5", "device" (as training told it),
// "modules" (loaded by the environment's module system, null without one), and for GPUs "cuda". Collective.
Json environment(const Communicator& comm, const std::string& device);

}  // namespace millrace
