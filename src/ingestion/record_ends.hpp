// Line breaks and the ends of records, where no more than that is asked of a text.
#pragma once

#include <cstdint>
#include <string_view>

#include "ingestion/csv.hpp"
#include "ingestion/structure/kernels.hpp"

namespace millrace {

inline bool is_line_break(char c) {
  return c == '\n' || c == '\r';
}

inline bool is_in_quotes(QuoteState state) {
  return state == QuoteState::kQuoted || state == QuoteState::kQuotedEscaped;
}

// The state behind `bytes`, which begin in `state`.
inline QuoteState advance_quotes(QuoteState state, std::string_view bytes, const CsvDialect& dialect) {
  return structure_kernel().advance(state, bytes.data(), bytes.size(), dialect.bytes());
}

// CR, LF and CRLF each count once (a CRLF where its CR stands), inside and outside quotes; `before` is the
// byte in front ('\n' at a file's start).
inline std::uint64_t count_line_breaks(char before, std::string_view bytes) {
  return structure_kernel().line_breaks(before, bytes.data(), bytes.size());
}

// Finds the end of a record that may be longer than memory, piece by piece.
class RecordEndFinder {
 public:
  RecordEndFinder(const CsvDialect& dialect, QuoteState state, char before, std::uint64_t line)
      : dialect_(&dialect), state_(state), before_(before), line_(line), opened_line_(line) {}

  // Position of the line break that ends the record, or npos where the record goes on behind `bytes`.
  std::size_t find(std::string_view bytes);
  [[nodiscard]] bool in_quotes() const { return is_in_quotes(state_); }
  [[nodiscard]] std::uint64_t line() const { return line_; }                // here
  [[nodiscard]] std::uint64_t opened_line() const { return opened_line_; }  // of the last opening quote

 private:
  [[nodiscard]] bool ends_at_line_break() const;
  std::size_t skip_quoted(std::string_view bytes);
  void step(char c);
  [[nodiscard]] QuoteState behind(char c) const;

  const CsvDialect* dialect_;
  QuoteState state_;
  char before_;
  std::uint64_t line_;
  std::uint64_t opened_line_;
};

}  // namespace millrace
