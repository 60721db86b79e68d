#include "training/checkpoint_store.hpp"

#include <algorithm>
#include <cstring>

#include <unistd.h>

#include "base/log.hpp"
#include "base/publish.hpp"

namespace millrace {

namespace {

// Every checkpoint in the folders, newest first; earlier folders first among equals.
std::vector<CheckpointFile> candidates(const std::vector<std::string>& folders) {
  std::vector<CheckpointFile> all;
  for (const std::string& folder : folders) {
    const std::vector<CheckpointFile> here = list_checkpoints(folder);
    all.insert(all.end(), here.begin(), here.end());
  }
  std::ranges::stable_sort(all, std::ranges::greater(), &CheckpointFile::step);
  return all;
}

void broadcast(const Communicator& comm, std::vector<float>& values) {
  std::string bytes(as_bytes_view(std::span<const float>(values)));
  comm.broadcast(bytes);
  values.resize(bytes.size() / sizeof(float));
  if (!values.empty()) std::memcpy(values.data(), bytes.data(), bytes.size());
}

}  // namespace

CheckpointStore::CheckpointStore(const Communicator& comm, const TrainingInput& input,
                                 CheckpointIdentity identity, std::uint32_t keep)
    : comm_(comm),
      folder_(input.checkpoint_folder),
      resume_folders_(input.resume_folders),
      identity_(std::move(identity)),
      keep_(std::max(keep, 1U)) {
  if (std::ranges::find(resume_folders_, folder_) == resume_folders_.end()) {
    resume_folders_.insert(resume_folders_.begin(), folder_);
  }
}

std::optional<CheckpointStore::Found> CheckpointStore::find_newest() const {
  for (const CheckpointFile& file : candidates(resume_folders_)) {
    try {
      if (read_checkpoint_identity(file.path) == identity_)
        return Found{read_checkpoint(file.path), file.path};
    } catch (const Error& error) {
      log_warning("passing over a checkpoint: {}", error.message());
    }
  }
  return std::nullopt;
}

std::optional<CheckpointStore::Found> CheckpointStore::newest() {
  Found found;
  const bool any = comm_.any(comm_.agree([&] {
    if (!comm_.is_root()) return false;
    remove_abandoned_files(folder_);
    std::optional<Found> newest = find_newest();
    if (newest) found = std::move(*newest);
    return newest.has_value();
  }));
  if (!any) return std::nullopt;
  share(found);
  for (const CheckpointFile& file : list_checkpoints(folder_)) {
    if (file.path == found.path) kept_.push_back(file.path);
  }
  return found;
}

void CheckpointStore::share(Found& found) const {
  broadcast(comm_, found.state.optimizer.parameters);
  broadcast(comm_, found.state.optimizer.first_moment);
  broadcast(comm_, found.state.optimizer.second_moment);
  broadcast(comm_, found.state.best_parameters);
  std::string head = canonical_json(
      {{"updates", found.state.optimizer.updates}, {"progress", found.state.progress}, {"path", found.path}});
  comm_.broadcast(head);
  const Json json = parse_json(head, "a checkpoint's head");
  json.at("updates").get_to(found.state.optimizer.updates);
  json.at("progress").get_to(found.state.progress);
  json.at("path").get_to(found.path);
}

std::string CheckpointStore::save(const TrainingState& state) {
  std::string path = checkpoint_path(folder_, state.progress.step);
  comm_.agree([&] {
    if (comm_.is_root()) write_checkpoint(path, state, identity_);
  });
  kept_.push_back(path);
  for (; kept_.size() > keep_; kept_.erase(kept_.begin())) {
    if (comm_.is_root()) ::unlink(kept_.front().c_str());
  }
  return path;
}

}  // namespace millrace
