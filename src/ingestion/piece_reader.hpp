// The records of one shard's piece of a source, without its header.
#pragma once

#include <string>

#include "config/pipeline_config.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/digest_memory.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/shard_plan.hpp"

namespace millrace {

class PieceReader {
 public:
  // `path` is where the source's text lies. Throws kResource where it is not as long as it was.
  PieceReader(const std::string& path, const SourceFile& source, const ShardPiece& piece,
              const Layout& layout, const DataConfig& config, const CsvDialect& dialect)
      : file_(path, source.name),
        reader_(file_, dialect, piece.range, config.block_bytes),
        header_offset_(layout.header_offsets[piece.source]) {
    if (file_.size() != source.text_bytes()) throw changed_meanwhile(path);
  }

  bool next(CsvRecord& record) {
    if (!reader_.next(record)) return false;
    return record.offset != header_offset_ || reader_.next(record);
  }

 private:
  ReadableFile file_;
  CsvReader reader_;
  std::uint64_t header_offset_;
};

}  // namespace millrace
