// Records that stand whole in a reader's buffer: where their fields end, and nothing copied.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "ingestion/csv.hpp"

namespace millrace {

enum class RecordFault : std::uint8_t {
  kNone,
  kQuote,    // something stands between a closing quote and the next delimiter
  kTooLong,  // longer than the reader's limit; the record has no fields and only the beginning of its text
};

// One record on its own: for headers, messages and tests.
struct CsvRecord {
  std::uint64_t offset = 0;         // of its first byte in the file
  std::uint64_t line = 1;           // of its first byte
  std::string_view text;            // as it stands in the file, without the line end
  std::vector<std::string> fields;  // without their quotes and escapes; none where there is a fault
  RecordFault fault = RecordFault::kNone;
};

// Where a record stands in a batch.
struct RecordPlace {
  std::uint32_t begin = 0;      // of its text
  std::uint32_t end = 0;        // of its text, without the line end
  std::uint32_t first_end = 0;  // which of the batch's ends its first field has
  std::uint32_t fields = 0;
  RecordFault fault = RecordFault::kNone;
};

// Good until the reader's next batch.
struct CsvBatch {
  const char* text = nullptr;  // positions count from here; the byte in front and kPadding behind may be read
  std::uint64_t offset = 0;    // of `text` in the file
  std::uint64_t line = 1;      // of `text`
  std::size_t size = 0;        // up to behind the last record's end
  bool has_nul = false;        // somewhere in it
  std::vector<std::uint32_t> ends;  // of all fields of all records, in order; what stands behind them is room
  std::vector<RecordPlace> records;
  std::string beginning;  // of a record that is too long: the text, then

  [[nodiscard]] std::string_view text_of(const RecordPlace& place) const {
    return {text + place.begin, text + place.end};
  }
  // The field as it stands in the file, with its quotes.
  [[nodiscard]] std::string_view raw_field(const RecordPlace& place, std::size_t field) const {
    const std::uint32_t begin = field == 0 ? place.begin : ends[place.first_end + field - 1] + 1;
    return {text + begin, text + ends[place.first_end + field]};
  }
  [[nodiscard]] CsvRecord record(const RecordPlace& place, std::uint64_t line,
                                 const CsvDialect& dialect) const;
};

// The lines of a batch's records, asked for in their order: each stretch of text is counted once.
class LineCursor {
 public:
  explicit LineCursor(const CsvBatch& batch) : batch_(&batch), line_(batch.line) {}
  std::uint64_t line_of(const RecordPlace& place);

 private:
  const CsvBatch* batch_;
  std::uint32_t at_ = 0;
  std::uint64_t line_;  // of `at_`
};

// A field without its quotes and escapes, `raw` being one of a record without a fault. `scratch` holds it,
// with kPadding bytes behind it, where it is not as it stands in the file.
std::string_view unquoted(std::string_view raw, const CsvDialect& dialect, std::string& scratch);

}  // namespace millrace
