#include "ingestion/quotes.hpp"

#include <cstring>

namespace millrace {

namespace {

bool begins_field(char before, const CsvDialect& dialect) {
  return before == dialect.delimiter || is_line_break(before);
}

QuoteState after_quote(QuoteState state, char before, const CsvDialect& dialect) {
  if (state == QuoteState::kInside) return QuoteState::kAfterQuote;
  return begins_field(before, dialect) ? QuoteState::kInside : QuoteState::kOutside;
}

}  // namespace

QuoteState advance_quotes(QuoteState state, char before, std::string_view bytes, const CsvDialect& dialect) {
  if (!dialect.has_quote()) return QuoteState::kOutside;
  const char* const begin = bytes.data();
  const char* const end = begin + bytes.size();
  for (const char* p = begin; p != end;) {
    if (state == QuoteState::kAfterQuote) {
      state = *p == dialect.quote ? QuoteState::kInside : QuoteState::kOutside;
      p += state == QuoteState::kInside ? 1 : 0;
      continue;
    }
    const auto* quote =
        static_cast<const char*>(std::memchr(p, dialect.quote, static_cast<std::size_t>(end - p)));
    if (quote == nullptr) return state;
    state = after_quote(state, quote == begin ? before : quote[-1], dialect);
    p = quote + 1;
  }
  return state;
}

std::uint64_t count_line_breaks(char before, std::string_view bytes) {
  if (bytes.empty()) return 0;
  const auto is_first_of_break = [](char previous, char c) {
    return static_cast<unsigned>(c == '\r') |
           (static_cast<unsigned>(c == '\n') & static_cast<unsigned>(previous != '\r'));
  };
  std::uint64_t breaks = is_first_of_break(before, bytes[0]);
  for (std::size_t i = 1; i < bytes.size(); ++i) breaks += is_first_of_break(bytes[i - 1], bytes[i]);
  return breaks;
}

std::size_t RecordEndFinder::find(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (step(bytes[i])) return i;
    before_ = bytes[i];
  }
  return std::string_view::npos;
}

bool RecordEndFinder::step(char c) {
  const bool quote = dialect_->has_quote() && c == dialect_->quote;
  if (state_ == QuoteState::kAfterQuote) {
    state_ = quote ? QuoteState::kInside : QuoteState::kOutside;
    if (quote) return false;
  }
  if (state_ == QuoteState::kOutside && is_line_break(c)) return true;
  if (quote) {
    state_ = after_quote(state_, before_, *dialect_);
    if (state_ == QuoteState::kInside) opened_line_ = line_;
  } else {
    line_ += count_line_breaks(before_, {&c, 1});
  }
  return false;
}

}  // namespace millrace
