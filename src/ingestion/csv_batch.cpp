#include "ingestion/csv_batch.hpp"

#include <algorithm>

#include "ingestion/record_ends.hpp"
#include "table/padded_text.hpp"

namespace millrace {

namespace {

// Doubled quotes made one, and escape characters gone. One that nothing follows, at the file's end, stays.
std::string_view resolved(std::string_view content, bool in_quotes, const CsvDialect& dialect,
                          std::string& scratch) {
  scratch.resize(content.size() + kPadding);
  char* to = scratch.data();
  for (std::size_t i = 0; i < content.size(); ++i) {
    if (dialect.has_escape() && content[i] == dialect.escape && i + 1 < content.size()) {
      *to++ = content[++i];
      continue;
    }
    *to++ = content[i];
    if (in_quotes && content[i] == dialect.quote) ++i;  // its twin
  }
  std::fill_n(to, kPadding, '\0');
  return {scratch.data(), to};
}

bool has(std::string_view text, char c) {
  return text.find(c) != std::string_view::npos;
}

}  // namespace

std::string_view unquoted(std::string_view raw, const CsvDialect& dialect, std::string& scratch) {
  const bool in_quotes = !raw.empty() && dialect.has_quote() && raw.front() == dialect.quote;
  const std::string_view content = in_quotes ? raw.substr(1, raw.size() - 2) : raw;
  const bool is_literal =
      !(in_quotes && has(content, dialect.quote)) && !(dialect.has_escape() && has(content, dialect.escape));
  return is_literal ? content : resolved(content, in_quotes, dialect, scratch);
}

CsvRecord CsvBatch::record(const RecordPlace& place, std::uint64_t line_number,
                           const CsvDialect& dialect) const {
  CsvRecord record{offset + place.begin, line_number, text_of(place), {}, place.fault};
  std::string scratch;
  for (std::size_t i = 0; i < place.fields && place.fault == RecordFault::kNone; ++i) {
    record.fields.emplace_back(unquoted(raw_field(place, i), dialect, scratch));
  }
  return record;
}

std::uint64_t LineCursor::line_of(const RecordPlace& place) {
  const char* const from = batch_->text + at_;
  line_ += count_line_breaks(from[-1], {from, place.begin - at_});
  at_ = place.begin;
  return line_;
}

}  // namespace millrace
