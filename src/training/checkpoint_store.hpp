// When checkpoints are found, taken up, written and removed. Rank 0 alone touches files; all ranks learn.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "training/checkpoint.hpp"

namespace millrace {

class CheckpointStore {
 public:
  CheckpointStore(const Communicator& comm, const TrainingInput& input, CheckpointIdentity identity,
                  std::uint32_t keep);

  // Collective. The state of the newest checkpoint of this identity in any of the folders, with its path;
  // damaged ones are passed over with a warning, those of others silently.
  struct Found {
    TrainingState state;
    std::string path;
  };
  std::optional<Found> newest();

  // Collective: `state` matters on rank 0. Removes the oldest of those that this run has written beyond
  // `keep`. Returns the path.
  std::string save(const TrainingState& state);

 private:
  std::optional<Found> find_newest() const;  // on rank 0
  void share(Found& found) const;

  Communicator comm_;
  std::string folder_;
  std::vector<std::string> resume_folders_;
  CheckpointIdentity identity_;
  std::uint32_t keep_;
  std::vector<std::string> kept_;  // in folder_, oldest first
};

}  // namespace millrace
