// Checkpoint files (HDF5): a training state whole, with checks of every buffer, published by rename.
// docs/formats.md, "Checkpoint".
#pragma once

#include <string>
#include <vector>

#include "training/training_state.hpp"

namespace millrace {

// Whose state it is. A checkpoint of another identity is not resumed from.
struct CheckpointIdentity {
  std::string key;     // of the training stage
  std::string digest;  // of the network, the settings that change results, and the number of rows
  friend bool operator==(const CheckpointIdentity&, const CheckpointIdentity&) = default;
};

// FOLDER/step-000001000.h5
std::string checkpoint_path(const std::string& folder, std::uint64_t step);

struct CheckpointFile {
  std::string path;
  std::uint64_t step = 0;
};
// The checkpoints in a folder by name alone, oldest first.
std::vector<CheckpointFile> list_checkpoints(const std::string& folder);

// Throws kResource; then nothing has the name `path`, or what had it before.
void write_checkpoint(const std::string& path, const TrainingState& state,
                      const CheckpointIdentity& identity);
// The identity alone. Throws kResource where the file is damaged.
CheckpointIdentity read_checkpoint_identity(const std::string& path);
// Throws kResource where the file is damaged: unreadable, or a buffer does not match its check.
TrainingState read_checkpoint(const std::string& path);

}  // namespace millrace
