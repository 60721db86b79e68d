#include "ingestion/record_ends.hpp"

namespace millrace {

std::size_t RecordEndFinder::find(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (step(bytes[i])) return i;
    before_ = bytes[i];
  }
  return std::string_view::npos;
}

bool RecordEndFinder::step(char c) {
  const bool quote = dialect_->has_quote() && c == dialect_->quote;
  if (state_ != QuoteState::kQuoted && is_line_break(c)) return true;
  line_ += count_line_breaks(before_, {&c, 1});
  if (state_ == QuoteState::kQuoted) {
    state_ = quote ? QuoteState::kReady : QuoteState::kQuoted;
  } else if (quote && state_ == QuoteState::kReady) {
    if (before_ != dialect_->quote) opened_line_ = line_;
    state_ = QuoteState::kQuoted;
  } else {
    state_ = c == dialect_->delimiter ? QuoteState::kReady : QuoteState::kPlain;
  }
  return false;
}

}  // namespace millrace
