// The rows of any source, block by block, for who answers or compares them and keeps none.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/events.hpp"
#include "ingestion/plain_sources.hpp"
#include "ingestion/source_reader.hpp"
#include "ingestion/sources.hpp"

namespace millrace {

// With the types of these columns alone.
DataConfig with_types(DataConfig data, const Schema& columns);

class OpenSource {
 public:
  // Collective: finds the files. `workspace` takes what must be unpacked or fetched, and must outlive this
  // object, which no rank may let go of while others read.
  OpenSource(const Communicator& comm, DataConfig data, const Workspace& workspace, DigestUse digests);

  [[nodiscard]] const std::vector<SourceFile>& files() const { return sources_.files(); }
  [[nodiscard]] const DataConfig& data() const { return data_; }
  [[nodiscard]] std::size_t threads() const { return threads_; }

  // Collective: makes the files readable.
  void fetch();
  // Collective, after fetch(): the columns of files and folders with their types, as far as a look tells.
  [[nodiscard]] Schema look_at_columns() const;
  // Collective, after fetch(): plans the pieces. Only these columns are read, as these types; files and
  // folders must have them.
  void open(const Schema& columns);

  [[nodiscard]] const SourceReader& reader() const { return *reader_; }
  [[nodiscard]] const std::vector<RowPiece>& pieces() const { return reader_->plan().pieces; }
  [[nodiscard]] std::vector<std::size_t> owned() const;  // by this rank
  [[nodiscard]] std::vector<BlockOfPiece> blocks_of(const std::vector<std::size_t>& pieces) const;
  // Local work, of any thread: one block of an owned piece, with all its rejects.
  [[nodiscard]] LoadedBlock load(const BlockOfPiece& at) const;

 private:
  const Communicator& comm_;
  const Workspace& workspace_;
  DataConfig data_;
  Events events_;
  Sources sources_;
  std::size_t threads_;
  std::unique_ptr<PlainSources> plain_;
  Schema columns_;
  DataConfig typed_;  // folders KEY=VALUE give columns too, whose types are those that are read
  std::unique_ptr<SourceReader> reader_;
};

}  // namespace millrace
