// Tables of HDF5 files as sources: columns come with their types.
#pragma once

#include <map>
#include <memory>

#include "base/file.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/source_reader.hpp"
#include "ingestion/table_description.hpp"

namespace millrace {

// By the file's first bytes, or its name.
bool is_hdf5(const ReadableFile& file);

class Hdf5Sources : public SourceReader {
 public:
  // Throws kDataRejected for damaged files, for those whose columns differ and for columns that are not read;
  // kUsage where data.table is none of a file's tables, or does not say which, and for configured columns
  // that do not exist.
  Hdf5Sources(const Communicator& comm, const SourceTexts& sources);
  ~Hdf5Sources() override;

  [[nodiscard]] LoadedBlock load(const BlockOfPiece& at, std::size_t keep_rejects) const override;
  [[nodiscard]] std::uint64_t count(const BlockOfPiece& at) const override;

 private:
  struct OpenTable;

  void plan_pieces(std::size_t source);
  [[nodiscard]] std::pair<std::uint64_t, std::size_t> rows_of_block(const BlockOfPiece& at) const;
  const OpenTable& open(std::size_t source) const;

  const SourceTexts sources_;
  CsvDialect dialect_;                              // what is missing
  std::map<std::size_t, TableDescription> tables_;  // by the files' numbers; without empty files
  Layout layout_;
  mutable std::unique_ptr<OpenTable> open_;  // the last one; under hdf5::library_mutex()
};

}  // namespace millrace
