#include "ingestion/evidence.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "ingestion/plain_values.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

constexpr double kMostly = 0.9;
constexpr std::size_t kNoteTextBytes = 60;

bool is_time(std::string_view value) {
  std::int64_t micros = 0;
  return value.size() >= 10 && value[4] == '-' && parse_timestamp(value, micros);
}

bool is_number(std::string_view value) {
  double number = 0;
  return parse_real(value, number);
}

bool loses_digits_as_real(std::string_view value) {
  if (value.size() <= kSafeDigits) return false;
  std::int64_t integer = 0;
  if (parse_integer(value, integer)) {
    const auto real = static_cast<double>(integer);
    return real >= 0x1p63 || static_cast<std::int64_t>(real) != integer;
  }
  if (value[0] == '-' || value[0] == '+') value.remove_prefix(1);
  return std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool stands_in_quotes(std::string_view value) {
  value = trim(value);
  if (value.size() < 2 || value.front() != value.back()) return false;
  return value.front() == '"' || value.front() == '\'';
}

// Most values are of the kind that all before were, and say nothing new: a test of a value for which
// observe() would only count. A value that fails it may still be such a one.
using IsAlike = bool (*)(std::string_view value);

bool never(std::string_view /*value*/) {
  return false;
}

bool is_plain_integer(std::string_view value) {
  std::int64_t integer = 0;
  return value.size() <= kSafeDigits && !has_leading_zero(value) && parse_integer(value, integer);
}

bool is_plain_real(std::string_view value) {
  return !has_leading_zero(value) && is_short_or_fraction(value) && is_number(value);
}

bool is_date(std::string_view value) {
  std::int64_t days = 0;
  return parse_date(value, days);
}

bool is_truth(std::string_view value) {
  std::int64_t boolean = 0;
  return parse_boolean(value, boolean);
}

IsAlike alike_test(const Evidence& evidence) {
  if (evidence.no_numbers.count == 0 && !evidence.candidates.allows(ColumnType::kReal)) return never;
  if (evidence.no_times.count == 0 && !evidence.candidates.allows(ColumnType::kTimestamp)) return never;
  if (evidence.candidates.settled(ColumnType::kInteger)) return is_plain_integer;
  if (evidence.candidates.settled(ColumnType::kReal)) return is_plain_real;
  if (evidence.candidates.settled(ColumnType::kDate)) return is_date;
  if (evidence.candidates.settled(ColumnType::kTimestamp)) return is_time;
  if (evidence.candidates.settled(ColumnType::kBoolean)) return is_truth;
  return evidence.candidates.settled(ColumnType::kText) ? is_plain_word : never;
}

bool most_are_no(const Sightings& sightings, const Evidence& evidence) {
  const auto others = static_cast<double>(evidence.present - sightings.count);
  return sightings.count == 0 || others < kMostly * static_cast<double>(evidence.present);
}

}  // namespace

void Sightings::add(std::string_view value, const RecordInBatch& record) {
  if (count++ > 0) return;
  first = record.place();
  text = printable(value, kNoteTextBytes);
}

void Sightings::merge(const Sightings& other) {
  if (other.count > 0 && (count == 0 || other.first < first)) {
    first = other.first;
    text = other.text;
  }
  count += other.count;
}

void Evidence::observe(std::string_view value, const RecordInBatch& record) {
  ++present;
  candidates.observe(value);
  const bool numbers = candidates.allows(ColumnType::kReal);
  const bool times = candidates.allows(ColumnType::kTimestamp);
  if (!numbers && !is_number(value)) no_numbers.add(value, record);
  if (!times && !is_time(value)) no_times.add(value, record);
  if (numbers && loses_digits_as_real(value)) long_numbers.add(value, record);
  if (!numbers && !times && stands_in_quotes(value)) quoted.add(value, record);
}

// What more values of the settled kind add.
void Evidence::observe_alike(std::uint64_t values) {
  present += values;
  if (!candidates.allows(ColumnType::kReal)) no_numbers.count += values;
  if (!candidates.allows(ColumnType::kTimestamp)) no_times.count += values;
}

void Evidence::observe(const BatchColumn& column, FieldReader& reader, std::size_t source) {
  PaddedText value;
  std::uint64_t alike = 0;
  IsAlike is_alike = alike_test(*this);
  for (std::size_t row = 0; row < column.rows.size(); ++row) {
    if (!reader.read(column.raw(row), value)) continue;
    if (is_alike(value)) {
      ++alike;
      continue;
    }
    observe_alike(std::exchange(alike, 0));
    observe(value, {column.batch, column.batch.records[column.rows[row]], source});
    is_alike = alike_test(*this);
  }
  observe_alike(alike);
}

bool Evidence::observe_plain(const Column& parsed, std::size_t rows) {
  if (!candidates.settled(parsed.type) || alike_test(*this) == never) return false;
  observe_alike(static_cast<std::uint64_t>(
      std::count(parsed.valid.end() - static_cast<std::ptrdiff_t>(rows), parsed.valid.end(), 1)));
  return true;
}

void Evidence::merge(const Evidence& other) {
  candidates.merge(other.candidates);
  present += other.present;
  no_numbers.merge(other.no_numbers);
  no_times.merge(other.no_times);
  long_numbers.merge(other.long_numbers);
  quoted.merge(other.quoted);
}

void Evidence::stands_in(std::size_t source) {
  for (Sightings* seen : {&no_numbers, &no_times, &long_numbers, &quoted}) seen->first.source = source;
}

void to_json(Json& json, const Sightings& s) {
  json = {s.count, s.first.source, s.first.line, s.text};
}

void from_json(const Json& json, Sightings& s) {
  s = {json[0], {json[1], json[2]}, json[3]};
}

void to_json(Json& json, const Evidence& e) {
  json = {e.candidates.bits(), e.candidates.seen(), e.present, e.no_numbers,
          e.no_times,          e.long_numbers,      e.quoted};
}

void from_json(const Json& json, Evidence& e) {
  e = {TypeCandidates::from(json[0], json[1]), json[2], json[3], json[4], json[5], json[6]};
}

void merge_into(std::vector<Evidence>& all, const std::vector<Evidence>& more) {
  if (all.size() < more.size()) all.resize(more.size());
  for (std::size_t i = 0; i < more.size(); ++i) all[i].merge(more[i]);
}

std::string note_on(const Evidence& e, ColumnType type, const std::vector<SourceFile>& sources) {
  const auto note = [&](const Sightings& seen, const char* what) {
    return fmt::format("'{}' in {} line {} {} ({} of {} values)", seen.text, sources[seen.first.source].name,
                       seen.first.line, what, human_count(seen.count), human_count(e.present));
  };
  if (type == ColumnType::kReal && e.long_numbers.count > 0) {
    return note(e.long_numbers, "has more digits than a real number keeps");
  }
  if (type != ColumnType::kText) return "";
  if (!most_are_no(e.no_numbers, e)) return note(e.no_numbers, "is no number");
  if (!most_are_no(e.no_times, e)) return note(e.no_times, "is no date");
  const bool all_quoted = e.quoted.count == e.present && e.present > 0;
  return all_quoted ? note(e.quoted, "holds quotes that are not data.quote, or stand behind a blank") : "";
}

}  // namespace millrace
