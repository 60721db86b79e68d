// Where quotes are open: what a border in the middle of a CSV file has to know about the bytes before it.
//
// A quote opens a quoted field only as the field's first byte; elsewhere outside quotes it is a character
// like any other. So a count of quotes alone would not do: a piece of a file is run from each state that its
// first byte may be in, and the true states follow by composing these maps in file order.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "ingestion/csv.hpp"

namespace millrace {

enum class QuoteState : std::uint8_t {
  kOutside,
  kInside,      // between the quotes of a field
  kAfterQuote,  // behind a quote in a quoted field: its end, or the first of a doubled quote
};
inline constexpr std::size_t kQuoteStates = 3;

inline bool is_line_break(char c) {
  return c == '\n' || c == '\r';
}

// The state behind `bytes`, which began in `state` right behind the byte `before` ('\n' at a file's start).
QuoteState advance_quotes(QuoteState state, char before, std::string_view bytes, const CsvDialect& dialect);

// CR, LF and CRLF each count once (a CRLF where its CR stands), inside and outside quotes.
std::uint64_t count_line_breaks(char before, std::string_view bytes);

// Finds the end of a record that may be longer than memory, piece by piece.
class RecordEndFinder {
 public:
  RecordEndFinder(const CsvDialect& dialect, QuoteState state, char before, std::uint64_t line)
      : dialect_(&dialect), state_(state), before_(before), line_(line), opened_line_(line) {}

  // Position of the line break that ends the record, or npos where the record goes on behind `bytes`.
  std::size_t find(std::string_view bytes);
  [[nodiscard]] bool in_quotes() const { return state_ == QuoteState::kInside; }
  [[nodiscard]] std::uint64_t line() const { return line_; }                // here
  [[nodiscard]] std::uint64_t opened_line() const { return opened_line_; }  // of the last opening quote

 private:
  bool step(char c);  // true: `c` is the line break that ends the record

  const CsvDialect* dialect_;
  QuoteState state_;
  char before_;
  std::uint64_t line_;
  std::uint64_t opened_line_;
};

}  // namespace millrace
