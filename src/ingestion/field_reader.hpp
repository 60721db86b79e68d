// One field of a batch as a value: without quotes and escapes, trimmed where the dialect says so, and known
// to be missing or not.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "ingestion/csv_batch.hpp"

namespace millrace {

// Whether it stands for a missing value.
inline bool is_token(const CsvDialect& dialect, std::string_view value) {
  return std::any_of(dialect.missing.begin(), dialect.missing.end(),
                     [&](const std::string& token) { return token == value; });
}

// Trims `value` where the dialect says so; false where what is left is a missing token.
inline bool is_present(const CsvDialect& dialect, std::string_view& value) {
  if (dialect.trim) value = trim(value);
  return !is_token(dialect, value);
}

class FieldReader {
 public:
  explicit FieldReader(const CsvDialect& dialect)
      : dialect_(&dialect),
        quote_(dialect.quote),
        plain_(!dialect.trim && !dialect.has_escape() && dialect.missing.size() == 1 &&
               dialect.missing[0].empty()) {}

  [[nodiscard]] char quote() const { return quote_; }
  // False where the field is missing. `value` is good until the next call. Most fields are neither quoted nor
  // trimmed, and only the empty text is missing: then nothing is called.
  bool read(std::string_view raw, std::string_view& value) {
    if (!plain_ || (!raw.empty() && raw.front() == quote_)) return read_any(raw, value);
    value = raw;
    return !raw.empty();
  }

 private:
  bool read_any(std::string_view raw, std::string_view& value);

  const CsvDialect* dialect_;
  char quote_;
  bool plain_;
  std::string scratch_;
};

}  // namespace millrace
