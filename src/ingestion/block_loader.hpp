// One block of a source → typed rows and what was rejected. Local work, on any thread.
#pragma once

#include <cstdint>
#include <vector>

#include "ingestion/block_reader.hpp"
#include "ingestion/evidence.hpp"
#include "ingestion/layout.hpp"
#include "ingestion/rejects.hpp"
#include "table/column.hpp"

namespace millrace {

struct LoadedBlock {
  Table table;
  std::vector<std::uint64_t> records;  // for each row, which of the block's records it is
  std::uint64_t record_count = 0;      // with rejected ones
  RejectCounts reject_counts;
  std::vector<Reject> rejects;     // the first of them
  std::vector<Evidence> evidence;  // of types; one a column, or none where all are declared
};

// By the types of `schema`: what the values say of those that the layout does not declare is told beside.
// `source` is the number of the block's file. Keeps at most `keep_rejects` rejects.
LoadedBlock load_block(const ReadableFile& file, const CsvRange& block, std::size_t source,
                       std::uint64_t header_offset, const DataConfig& config, const CsvDialect& dialect,
                       const Layout& layout, const Schema& schema, std::size_t keep_rejects);

}  // namespace millrace
