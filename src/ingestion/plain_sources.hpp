// The sources as UTF-8 that can be read anywhere in the middle: packed files are unpacked for it, other
// encodings converted.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "comm/communicator.hpp"
#include "ingestion/block_gzip.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/kept_files.hpp"
#include "ingestion/packing.hpp"
#include "ingestion/sources.hpp"
#include "storage/objects.hpp"

namespace millrace {

class PlainSources {
 public:
  // Collective. Each file that is packed, or not UTF-8 by data.encoding, is unpacked once, into the
  // workspace's tmp/, by a thread of the rank that has its turn; block-indexed gzip in stretches, by all
  // threads of all ranks. What it takes there is given back with this object, so no rank may let go of it
  // while others read. Throws as Sources::fetch() and UnpackedFile do, and kResource where a file is no
  // longer as long as when its digest was taken. Of files in `kept` nothing is fetched or unpacked.
  PlainSources(const Communicator& comm, Sources& sources, const std::string& encoding, std::size_t threads,
               const Workspace& workspace, Events& events, const KeptFiles& kept = {});

  // As given, with unpacked_bytes and encoding where the file is not plain UTF-8.
  [[nodiscard]] const std::vector<SourceFile>& files() const { return files_; }
  // Where the text of each file lies.
  [[nodiscard]] const std::vector<std::string>& paths() const { return paths_; }

 private:
  // A packed file of this rank. With stretches, they are still to be unpacked.
  struct Unpacked {
    std::size_t source = 0;
    std::unique_ptr<UnpackedFile> text;
    std::string encoding;
    std::vector<GzipStretch> stretches;
  };
  // One that any rank may unpack.
  struct SharedStretch {
    std::string from;
    std::string to;
    GzipStretch stretch;
  };

  void unpack_mine(const Communicator& comm, const std::string& encoding, std::size_t threads,
                   const Workspace& workspace, const KeptFiles& kept);
  Unpacked unpack(std::size_t source, const std::string& encoding, const std::string& folder) const;
  std::vector<SharedStretch> exchange(const Communicator& comm, Events& events);

  std::vector<SourceFile> files_;
  std::vector<std::string> paths_;
  std::vector<Unpacked> mine_;
};

}  // namespace millrace
