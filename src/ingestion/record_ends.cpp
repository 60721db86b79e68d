#include "ingestion/record_ends.hpp"

namespace millrace {

std::size_t RecordEndFinder::find(std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (state_ == QuoteState::kQuoted) i += skip_quoted(bytes.substr(i));
    if (i == bytes.size()) break;
    if (is_line_break(bytes[i]) && ends_at_line_break()) return i;
    step(bytes[i]);
    before_ = bytes[i];
  }
  return std::string_view::npos;
}

bool RecordEndFinder::ends_at_line_break() const {
  return !in_quotes() && state_ != QuoteState::kEscaped;
}

// How many bytes stand before the next quote or escape character.
std::size_t RecordEndFinder::skip_quoted(std::string_view bytes) {
  std::string_view stretch = bytes.substr(0, bytes.find(dialect_->quote));
  if (dialect_->has_escape()) stretch = stretch.substr(0, stretch.find(dialect_->escape));
  if (stretch.empty()) return 0;
  line_ += count_line_breaks(before_, stretch);
  before_ = stretch.back();
  return stretch.size();
}

void RecordEndFinder::step(char c) {
  const bool is_escaped = state_ == QuoteState::kEscaped || state_ == QuoteState::kQuotedEscaped;
  if (is_escaped) line_ += count_line_breaks(before_, {&c, 1});
  const bool was_in_quotes = in_quotes();
  state_ = behind(c);
  if (in_quotes() && !was_in_quotes && before_ != dialect_->quote) opened_line_ = line_;
}

QuoteState RecordEndFinder::behind(char c) const {
  const bool quote = dialect_->has_quote() && c == dialect_->quote;
  const bool escape = dialect_->has_escape() && c == dialect_->escape;
  const QuoteState next_field = dialect_->has_comment() ? QuoteState::kMidRecord : QuoteState::kReady;
  switch (state_) {
    case QuoteState::kComment:
      return state_;
    case QuoteState::kEscaped:
      return QuoteState::kPlain;
    case QuoteState::kQuotedEscaped:
      return QuoteState::kQuoted;
    case QuoteState::kQuoted:
      if (escape) return QuoteState::kQuotedEscaped;
      return quote ? next_field : QuoteState::kQuoted;
    case QuoteState::kReady:
      if (dialect_->has_comment() && c == dialect_->comment) return QuoteState::kComment;
      [[fallthrough]];
    case QuoteState::kMidRecord:
      if (quote) return QuoteState::kQuoted;
      [[fallthrough]];
    case QuoteState::kPlain:
      break;
  }
  if (escape) return QuoteState::kEscaped;
  return c == dialect_->delimiter ? next_field : QuoteState::kPlain;
}

}  // namespace millrace
