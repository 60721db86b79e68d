// How the rows of a data set are read from its files, which are all of one format. A format is one
// implementation of this interface, in a file of its own (csv_sources.cpp, hdf5_sources.cpp), and a line in
// source_reader.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "comm/communicator.hpp"
#include "config/pipeline_config.hpp"
#include "ingestion/block_loader.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/evidence.hpp"
#include "ingestion/partitions.hpp"
#include "ingestion/shard_plan.hpp"
#include "table/schema.hpp"

namespace millrace {

// What becomes a shard: a piece of one file, the same for any number of ranks.
struct RowPiece {
  std::uint32_t source = 0;
  std::uint64_t begin = 0;  // where it is in the file, in RowPlan::unit
  std::uint64_t end = 0;
  std::uint64_t bytes = 0;
  std::size_t blocks = 0;  // that it is read in; known to the rank that owns the piece
};

// What is known before the rows are read; where types are guessed, the first three for good only once
// settle_types() has run.
struct RowPlan {
  Schema schema;                   // of the files' columns
  std::vector<std::string> notes;  // what is odd about each (inference.hpp), or ""
  std::string remark;              // what is odd about all of it, or ""
  PartitionColumns partitions;     // of the files' folders
  std::vector<RowPiece> pieces;    // in source order
  std::vector<std::string> empty;  // files that hold nothing at all
  std::string delimiter;           // of texts, where it had to be found
  std::string without_rows;        // what a file that has no rows holds: "a header"
  std::string unit;                // "byte", "row"
  std::string format;              // "csv", "hdf5"
  std::vector<Json> descriptions;  // of each file: what KeptFile keeps of it
};

struct KeptFile;
struct KeptFiles;

inline constexpr const char* kCsvFormat = "csv";
inline constexpr const char* kHdf5Format = "hdf5";

class SourceReader {
 public:
  SourceReader() = default;
  virtual ~SourceReader() = default;
  SourceReader(const SourceReader&) = delete;
  SourceReader& operator=(const SourceReader&) = delete;

  [[nodiscard]] const RowPlan& plan() const { return plan_; }
  // Local work, of any thread: one block of a piece that this rank owns, with at most `keep_rejects` rejects.
  [[nodiscard]] virtual LoadedBlock load(const BlockOfPiece& at, std::size_t keep_rejects) const = 0;

  // How many records the block holds, with those that load() would reject. Local work, of any thread.
  [[nodiscard]] virtual std::uint64_t count(const BlockOfPiece& at) const = 0;

  // For formats that only guess at types before all values are read, from what those of a block say:
  // local work, of any thread.
  [[nodiscard]] virtual std::vector<Evidence> observe(const BlockOfPiece& /*at*/) const { return {}; }
  // Whether some value is not of the type that was guessed.
  [[nodiscard]] virtual bool refutes(const std::vector<Evidence>& /*evidence*/) const { return false; }
  // Collective: the types for good, by all values of this rank's blocks. True where the plan had others.
  virtual bool settle_types(const Communicator& /*comm*/, const std::vector<Evidence>& /*mine*/) {
    return false;
  }

 protected:
  RowPlan plan_;
};

// The files, and how they are to be read. What it refers to must outlive the reader.
struct SourceTexts {
  const DataConfig& config;
  const std::vector<SourceFile>& files;
  const std::vector<std::string>& paths;  // where they lie, unpacked
  std::size_t threads = 1;
  const Schema* wanted = nullptr;   // these columns alone, of these types; null: all, as `config` has it
  const KeptFiles* kept = nullptr;  // files of which nothing is read, nor anything there to be read

  // Null for files that are read.
  [[nodiscard]] const KeptFile* kept_file(std::size_t source) const;
};

// Collective: finds columns, types and pieces. Throws kUsage for files of different formats and for a wanted
// column that they lack, and what each format throws.
std::unique_ptr<SourceReader> read_sources(const Communicator& comm, const SourceTexts& sources);

}  // namespace millrace
