// Reads the records of one byte range of a CSV file, block by block.
//
// A record belongs to the range that holds its first byte: the reader begins at the first record that starts
// in the range and reads on past the range's end to finish its last one. Memory: one block and the record
// that crosses its border. Nothing is allocated per field: fields are views into the block, or into a scratch
// buffer where a field holds doubled quotes.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.hpp"
#include "ingestion/csv.hpp"
#include "ingestion/quotes.hpp"

namespace millrace {

enum class RecordFault : std::uint8_t {
  kNone,
  kQuote,    // something stands between a closing quote and the next delimiter
  kTooLong,  // longer than block_bytes; the record has no fields and only the beginning of its text
};

// Views are good until the next call of CsvReader::next().
struct CsvRecord {
  std::uint64_t offset = 0;  // of its first byte in the file
  std::uint64_t line = 1;    // of its first byte
  std::string_view text;     // as it stands in the file, without the line end
  std::vector<std::string_view> fields;
  RecordFault fault = RecordFault::kNone;
};

// A range of a file and what the bytes before it say about its first byte.
struct CsvRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;  // the file's size for a whole file
  QuoteState state = QuoteState::kOutside;
  std::uint64_t line = 1;
};

class CsvReader {
 public:
  // `file` and `dialect` must outlive the reader. A byte order mark at the file's start is skipped; UTF-16
  // and UTF-32 are refused (kDataRejected).
  CsvReader(const ReadableFile& file, const CsvDialect& dialect, const CsvRange& range,
            std::uint64_t block_bytes);

  // The next record; blank lines are none. False behind the last record of the range. Throws kDataRejected
  // for a quote that is never closed, kResource where the file cannot be read.
  bool next(CsvRecord& record);

 private:
  static constexpr std::size_t kContext = 1;  // the byte before the first one of the buffer's text

  [[nodiscard]] std::uint64_t offset(std::size_t position) const { return first_offset_ + position; }
  bool fill();
  void skip_byte_order_mark();
  void skip_partial_record(QuoteState state);
  bool skip_blank_lines();
  bool split(CsvRecord& record);
  const char* field_end(const char* p) const;
  const char* take_plain(const char* p, CsvRecord& record) const;
  const char* take_quoted(const char* p, CsvRecord& record);
  void keep_unescaped(std::size_t field, std::string_view escaped);
  void attach_unescaped(CsvRecord& record) const;
  void skip_long_record(CsvRecord& record);

  struct Unescaped {
    std::size_t field, start, length;
  };

  const ReadableFile* file_;
  const CsvDialect* dialect_;
  std::uint64_t end_;
  std::uint64_t block_bytes_;

  std::vector<char> buffer_;        // context byte, text, a line end as sentinel, room for a vector
  std::uint64_t first_offset_ = 0;  // of buffer_[0] in the file, counted modulo 2^64 (-1 at its start)
  std::size_t cursor_ = kContext;   // first byte not consumed
  std::size_t filled_ = kContext;   // end of the text
  std::uint64_t line_;              // of the byte at the cursor
  bool at_file_end_ = false;
  bool exhausted_ = false;

  std::uint64_t breaks_ = 0;  // line breaks in the quoted fields of the record being split
  std::string scratch_;
  std::vector<Unescaped> unescaped_;
};

}  // namespace millrace
