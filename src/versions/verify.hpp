// Whether every object of a version is there and is what its name says.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "storage/objects.hpp"

namespace millrace {

struct DamagedObject {
  std::string path;
  std::string part;    // "rows of day-03.csv from byte 67108864 on"
  std::string reason;  // "its bytes do not match its name", "it is missing", what a failed read says
};

struct Verification {
  std::uint64_t objects = 0;
  std::uint64_t bytes = 0;             // that were read
  std::vector<DamagedObject> damaged;  // in the order of the manifest
};

// Collective; equal on all ranks, each of which reads its share. Damage does not end it: all is looked at.
// Throws kResource where the manifest itself is missing or damaged: nothing else tells what there should be.
Verification verify_version(const Communicator& comm, const Workspace& workspace, const Digest& version);

}  // namespace millrace
