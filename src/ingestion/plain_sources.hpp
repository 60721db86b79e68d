// The sources as UTF-8 that can be read anywhere in the middle: packed files are unpacked for it, other
// encodings converted.
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
  // Collective. Each file that is packed, or not UTF-8 by data.encoding, is unpacked once, into the
  // workspace's tmp/, by the rank that has its turn; what it takes there is given back with this object, so
  // no rank may let go of it while others read. Throws as Sources::fetch() and UnpackedFile do, and kResource
  // where a file is no longer as long as when its digest was taken.
  PlainSources(const Communicator& comm, Sources& sources, const std::string& encoding,
               const Workspace& workspace, Events& events);

  // As given, with unpacked_bytes and encoding where the file is not plain UTF-8.
  [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
  // Where the text of each file lies.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  void unpack_mine(const Communicator& comm, const std::string& encoding, const Workspace& workspace);

  std::vector<SourceFile> files_;
  std::vector<std::string> paths_;
  std::vector<std::pair<std::size_t, std::unique_ptr<UnpackedFile>>> mine_;  // with the file's number
};

}  // namespace millrace
