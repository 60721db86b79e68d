// CSV files as sources.
#pragma once

#include "ingestion/csv.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/shard_plan.hpp"
#include "ingestion/source_reader.hpp"

namespace millrace {

class CsvSources : public SourceReader {
 public:
  // Throws kDataRejected where headers differ, no file holds a record, or a quote is never closed; kUsage for
  // a dialect that cannot be, configured columns that do not exist, and settings of other formats.
  CsvSources(const Communicator& comm, const SourceTexts& sources);

  [[nodiscard]] LoadedBlock load(std::size_t piece, std::size_t block,
                                 std::size_t keep_rejects) const override;

 private:
  const SourceTexts sources_;
  CsvDialect dialect_;
  Layout layout_;
  std::vector<ShardPiece> pieces_;
};

}  // namespace millrace
