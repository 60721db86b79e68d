// The fault layer: makes operations of this process fail as MILLRACE_FAULTS says, for drills and tests. File
// operations are replaced at base/file.hpp's seam; collectives report at comm/'s. Nothing is installed where
// the variable is not set.
#pragma once

#include <memory>
#include <string>

#include "base/fault_plan.hpp"
#include "base/file.hpp"

namespace millrace {

// File operations under a plan. Counts are per kind and process; thread-safe.
class FaultyOperations : public FileOperations {
 public:
  FaultyOperations(const FaultPlan& plan, int rank);  // what the plan has for other ranks is left out
  ~FaultyOperations() override;

  int open(const char* path, int flags, unsigned mode) override;
  long write(int fd, const char* data, std::size_t size) override;
  long write_at(int fd, const char* data, std::size_t size, std::uint64_t offset) override;
  long read_at(int fd, char* data, std::size_t size, std::uint64_t offset) override;
  int sync(int fd) override;
  int rename(const char* from, const char* to) override;
  int link(const char* from, const char* to) override;

  void at_collective();
  // "open 12, read 40, …": how many operations there have been.
  [[nodiscard]] std::string counts() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Reads MILLRACE_FAULTS and installs the layer for the rest of this process; nullptr where it is not set.
// Called once by main, when the rank is known. Throws kUsage.
FaultyOperations* install_faults(int rank);

// By how many seconds scoring is to come late with this version, "churn/8"; 0 where no fault is installed.
double scoring_delay(const std::string& version);

}  // namespace millrace
