// The sources as text that can be read anywhere in the middle: packed files are unpacked for it.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "comm/communicator.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/sources.hpp"
#include "storage/objects.hpp"

namespace millrace {

class PlainSources {
 public:
  // Collective. Each packed file is unpacked once, into the workspace's tmp/, by the rank that has its turn;
  // what it takes there is given back with this object, so no rank may let go of it while others read. Throws
  // as Sources::fetch() and UnpackedFile do, and kResource where a file is no longer as long as when its
  // digest was taken.
  PlainSources(const Communicator& comm, Sources& sources, const Workspace& workspace, Events& events);

  // As given, with unpacked_bytes where the file is packed.
  [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
  // Where the text of each file lies.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  void unpack_mine(const Communicator& comm, const Workspace& workspace);

  std::vector<SourceFile> files_;
  std::vector<std::string> paths_;
  std::vector<std::pair<std::size_t, std::unique_ptr<UnpackedFile>>> mine_;  // with the file's number
};

}  // namespace millrace
