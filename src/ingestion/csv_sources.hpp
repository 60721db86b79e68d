// CSV files as sources.
#pragma once

#include "ingestion/csv.hpp"
#include "ingestion/inference.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/shard_plan.hpp"
#include "ingestion/source_reader.hpp"

namespace millrace {

class CsvSources : public SourceReader {
 public:
  // Throws kDataRejected where headers differ, no file holds a record, or a quote is never closed; kUsage for
  // a dialect that cannot be, a delimiter that is not found, configured columns that do not exist, and
  // settings of other formats.
  CsvSources(const Communicator& comm, const SourceTexts& sources);

  [[nodiscard]] LoadedBlock load(const BlockOfPiece& at, std::size_t keep_rejects) const override;
  [[nodiscard]] std::uint64_t count(const BlockOfPiece& at) const override;
  [[nodiscard]] std::vector<Evidence> observe(const BlockOfPiece& at) const override;
  [[nodiscard]] bool refutes(const std::vector<Evidence>& evidence) const override;
  bool settle_types(const Communicator& comm, const std::vector<Evidence>& mine) override;

 private:
  [[nodiscard]] Reading reading() const {
    return {config_, dialect_, layout_, sources_.files, sources_.paths, pieces_};
  }

  const SourceTexts sources_;
  DataConfig config_;  // with the delimiter that was found
  CsvDialect dialect_;
  Layout layout_;
  std::vector<ShardPiece> pieces_;
};

}  // namespace millrace
