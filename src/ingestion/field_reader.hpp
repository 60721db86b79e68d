// One field of a batch as a value: without quotes and escapes, trimmed where the dialect says so, and known
// to be missing or not.
#pragma once

#include <algorithm>
#include <cstring>
#include <string>
#include <string_view>

#include "base/text.hpp"
#include "ingestion/csv_batch.hpp"
#include "table/padded_text.hpp"

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
  // `raw` is a field of a batch; what it becomes is padded.
  bool read(std::string_view raw, PaddedText& value) {
    if (raw.empty() || !plain_) return read_any(raw, value);
    const bool in_quotes = raw.front() == quote_;
    value = PaddedText(in_quotes ? raw.substr(1, raw.size() - 2) : raw);
    return !in_quotes || read_quoted(raw, value);
  }

 private:
  bool read_quoted(std::string_view raw, PaddedText& value) {
    if (value.size() > 0 && std::memchr(value.view().data(), quote_, value.size()) == nullptr) return true;
    return read_any(raw, value);
  }
  bool read_any(std::string_view raw, PaddedText& value);

  const CsvDialect* dialect_;
  char quote_;
  bool plain_;
  std::string scratch_;
};

}  // namespace millrace
