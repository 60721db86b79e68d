// All records of a CSV text, read piece by piece, each piece on its own with the state that it begins in:
// what ingestion does on many ranks.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"
#include "ingestion/csv_reader.hpp"
#include "ingestion/reference_csv.hpp"

namespace millrace::testing_support {

inline CsvRange range_of(std::string_view text, std::uint64_t begin, std::uint64_t size,
                         const CsvDialect& dialect) {
  const std::uint64_t mark = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  CsvRange range{begin, std::min<std::uint64_t>(begin + size, text.size())};
  if (begin == 0) return range;
  const std::string_view before = text.substr(0, begin).substr(std::min(mark, begin));
  range.state = advance_quotes(QuoteState::kReady, before, dialect);
  range.line = 1 + count_line_breaks('\n', before);
  return range;
}

// The reader's records, one by one.
template <class Visit>
void for_each_record(CsvReader& reader, const CsvDialect& dialect, Visit&& visit) {
  for (CsvBatch batch; reader.next(batch);) {
    LineCursor lines(batch);
    for (const RecordPlace& place : batch.records) visit(batch.record(place, lines.line_of(place), dialect));
  }
}

// `path` is written. Reads `block` bytes at a time; a record that is longer than that has no fields.
inline std::vector<ReferenceRecord> read_pieces(const std::string& path, std::string_view text,
                                                std::uint64_t piece, std::uint64_t block,
                                                const CsvDialect& dialect) {
  write_text(path, std::string(text));
  const ReadableFile file(path);
  std::vector<ReferenceRecord> records;
  for (std::uint64_t begin = 0; begin < text.size(); begin += piece) {
    const CsvRange range = range_of(text, begin, piece, dialect);
    CsvReader reader(file, dialect, range, block, block);
    for_each_record(reader, dialect, [&](const CsvRecord& record) {
      if (record.offset < begin || record.offset >= range.end)
        throw internal_error("the record at byte {} is not of the piece at {}", record.offset, begin);
      records.push_back({record.offset, record.line, record.fields, record.fault == RecordFault::kQuote});
    });
  }
  return records;
}

}  // namespace millrace::testing_support
