// Reads the records of one byte range of a CSV file, batch by batch.
//
// A record belongs to the range that holds its first byte: the reader begins at the first record that starts
// in the range and reads on past the range's end to finish its last one. Memory: a piece of text that fits
// the caches, or the longest record.
#pragma once

#include <cstdint>
#include <vector>

#include "base/file.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/csv_batch.hpp"
#include "ingestion/record_ends.hpp"

namespace millrace {

// A range of a file and what the bytes before it say about its first byte.
struct CsvRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // the file's size for a whole file
  QuoteState state = QuoteState::kReady;
  std::uint64_t line = 1;
};

class CsvReader {
 public:
  // `file` and `dialect` must outlive the reader. A byte order mark at the file's start is skipped; UTF-16
  // and UTF-32 are refused (kDataRejected). A record of more than `longest_record` bytes is told as such and
  // skipped. `chunk` bytes are read at a time: with their positions they stay in a core's own cache.
  CsvReader(const ReadableFile& file, const CsvDialect& dialect, const CsvRange& range,
            std::uint64_t longest_record, std::size_t chunk = 256 << 10);

  // The next records, at least one; blank lines and comments are none. False behind the last record of the
  // range. Throws kDataRejected for a quote that is never closed, kResource where the file cannot be read.
  bool next(CsvBatch& batch);

 private:
  static constexpr std::size_t kContext = 1;  // the byte before the first one of the buffer's text

  [[nodiscard]] std::uint64_t offset(std::size_t position) const { return first_offset_ + position; }
  [[nodiscard]] std::string_view unread() const { return {buffer_.data() + cursor_, filled_ - cursor_}; }
  bool fill();
  void skip_byte_order_mark();
  void skip_partial_record(QuoteState state);
  void take_records(CsvBatch& batch);
  void scan(CsvBatch& batch);
  void end_last_record();
  [[nodiscard]] std::uint64_t opened_line() const;
  void place_records(CsvBatch& batch);
  [[nodiscard]] bool begins_comment(std::size_t at) const;  // of the text that is not consumed
  void consume(CsvBatch& batch, std::size_t size);
  void move_cursor(std::size_t by);
  void take_long_record(CsvBatch& batch);
  // Bytes of its text, all of them its own.
  [[nodiscard]] std::uint32_t kept_of_long_record() const;
  bool skip_to_end(RecordEndFinder& finder);

  const ReadableFile* file_;
  const CsvDialect* dialect_;
  std::uint64_t end_;
  std::uint64_t longest_record_;
  std::size_t chunk_;

  std::vector<char> buffer_;        // context byte, text
  std::uint64_t first_offset_ = 0;  // of buffer_[0] in the file, counted modulo 2^64 (-1 at its start)
  std::size_t cursor_ = kContext;   // first byte not consumed
  std::size_t filled_ = kContext;   // end of the text
  std::uint64_t line_;              // of the byte at the cursor
  bool at_file_end_ = false;
  bool exhausted_ = false;

  StructureScan scan_;                      // of the text behind the cursor
  std::vector<std::uint32_t> record_ends_;  // what it finds, beside the batch's ends
  std::vector<std::uint32_t> faults_;
};

}  // namespace millrace
