// The records of one shard's piece of a source, without its header.
#pragma once

#include <string>

#include "config/pipeline_config.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/dataset.hpp"

namespace millrace {

class PieceReader {
 public:
  // Throws kResource where the file is no longer as long as when its digest was taken.
  PieceReader(const std::string& path, const SourceFile& source, const CsvRange& range,
              const DataConfig& config, const CsvDialect& dialect)
      : file_(path), reader_(file_, dialect, range, config.block_bytes) {
    if (file_.size() != source.bytes) throw resource_error("'{}' changed while it was read", path);
    if (CsvRecord header; config.header && range.begin == 0) reader_.next(header);
  }
  bool next(CsvRecord& record) { return reader_.next(record); }

 private:
  ReadableFile file_;
  CsvReader reader_;
};

}  // namespace millrace
