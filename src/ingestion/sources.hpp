// The files that data.source names: what they are called, where they are, how large they are, and their
// digests.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "base/publish.hpp"
#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/source_kind.hpp"
#include "storage/objects.hpp"

namespace millrace {

// The files that data.source names and data.partitions keeps, in the order of the entries, sorted within one.
// Local work. Throws as Sources does.
std::vector<FoundFile> find_files(const SourceKinds& kinds, const DataConfig& config);

// What becomes of the files' digests: those remembered are believed, all are taken anew, or none is wanted
// and nothing is written.
enum class DigestUse { kRemembered, kTakenAnew, kNone };

class Sources {
 public:
  // In the order of the entries of data.source, sorted within one; without what data.partitions leaves out.
  // Known files (those with the same stamp) keep the digest remembered in the workspace with kRemembered.
  // Collective: ranks share the reading; what lies elsewhere and is not known is fetched for it. Throws
  // kResource for an entry that matches nothing, kUsage for a file that is named twice, or packed in a way
  // that is not read, kDataRejected where all files are empty, or their folders do not make columns. `events`
  // outlives this object.
  Sources(const Communicator& comm, const DataConfig& config, const Workspace& workspace, Events& events,
          DigestUse digests = DigestUse::kRemembered);

  [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
  [[nodiscard]] const std::vector<FoundFile>& found() const { return found_; }
  // Where each file is: a path or an address.
  [[nodiscard]] std::vector<std::string> places() const;

  // Collective. Where the bytes of each file can be read by all ranks. What lies elsewhere is fetched into
  // the workspace's tmp/, once; the copies go away with this object, so no rank may let go of it while others
  // read.
  const std::vector<std::string>& fetch(const Communicator& comm);
  // Of those files alone that are wanted; the others keep the path that they have, or an empty one.
  const std::vector<std::string>& fetch(const Communicator& comm,
                                        const std::function<bool(std::size_t file)>& wanted);

 private:
  void find(const Communicator& comm, const DataConfig& config, DigestUse digests);
  std::vector<std::string> make_copies(std::size_t count);
  void take_digests(const Communicator& comm, std::size_t threads);
  void remember(const Json& taken) const;

  Workspace workspace_;
  Events* events_;
  SourceKinds kinds_;
  std::vector<FoundFile> found_;
  std::vector<SourceFile> files_;
  std::vector<std::string> paths_;                    // of the bytes; empty: not here yet
  std::vector<std::unique_ptr<PendingFile>> copies_;  // rank 0's alone; never committed
};

}  // namespace millrace
