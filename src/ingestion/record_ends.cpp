#include "ingestion/record_ends.hpp"

namespace millrace {

std::size_t RecordEndFinder::find(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (state_ == QuoteState::kQuoted) i += skip_quoted(bytes.substr(i));
    if (i == bytes.size()) break;
    if (state_ != QuoteState::kQuoted && is_line_break(bytes[i])) return i;
    step(bytes[i]);
    before_ = bytes[i];
  }
  return std::string_view::npos;
}

// How many bytes stand before the next quote.
std::size_t RecordEndFinder::skip_quoted(std::string_view bytes) {
  const std::string_view stretch = bytes.substr(0, bytes.find(dialect_->quote));
  if (stretch.empty()) return 0;
  line_ += count_line_breaks(before_, stretch);
  before_ = stretch.back();
  return stretch.size();
}

void RecordEndFinder::step(char c) {
  const bool quote = dialect_->has_quote() && c == dialect_->quote;
  if (state_ == QuoteState::kQuoted) {
    state_ = quote ? QuoteState::kReady : QuoteState::kQuoted;
  } else if (quote && state_ == QuoteState::kReady) {
    if (before_ != dialect_->quote) opened_line_ = line_;
    state_ = QuoteState::kQuoted;
  } else {
    state_ = c == dialect_->delimiter ? QuoteState::kReady : QuoteState::kPlain;
  }
}

}  // namespace millrace
