// The records of one block of a source, without its header.
#pragma once

#include <string>

#include "config/pipeline_config.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/dataset.hpp"
#include "ingestion/digest_memory.hpp"

namespace millrace {

// `path` is where the source's text lies. Throws kResource where it is not as long as it was.
inline ReadableFile open_source(const std::string& path, const SourceFile& source) {
  ReadableFile file(path, source.name);
  if (file.size() != source.text_bytes()) throw changed_meanwhile(path);
  return file;
}

class BlockReader {
 public:
  BlockReader(const ReadableFile& file, const CsvRange& block, std::uint64_t header_offset,
              const DataConfig& config, const CsvDialect& dialect)
      : reader_(file, dialect, block, config.block_bytes), header_offset_(header_offset) {}

  // As CsvReader::next(), but that a batch may be empty.
  bool next(CsvBatch& batch) {
    if (!reader_.next(batch)) return false;
    const bool has_header = batch.offset + batch.records.front().begin == header_offset_;
    if (has_header) batch.records.erase(batch.records.begin());
    return true;
  }

 private:
  CsvReader reader_;
  std::uint64_t header_offset_;
};

}  // namespace millrace
