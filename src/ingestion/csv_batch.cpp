#include "ingestion/csv_batch.hpp"

#include "ingestion/record_ends.hpp"

namespace millrace {

namespace {

std::string_view with_single_quotes(std::string_view doubled, char quote, std::string& scratch) {
  scratch.clear();
  for (std::size_t i = 0; i < doubled.size(); ++i) {
    scratch += doubled[i];
    if (doubled[i] == quote) ++i;  // its twin
  }
  return scratch;
}

}  // namespace

std::string_view unquoted(std::string_view raw, const CsvDialect& dialect, std::string& scratch) {
  if (raw.empty() || !dialect.has_quote() || raw.front() != dialect.quote) return raw;
  const std::string_view content = raw.substr(1, raw.size() - 2);
  const bool doubled = content.find(dialect.quote) != std::string_view::npos;
  return doubled ? with_single_quotes(content, dialect.quote, scratch) : content;
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
