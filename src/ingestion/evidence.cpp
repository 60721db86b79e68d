#include "ingestion/evidence.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "ingestion/rejects.hpp"

namespace millrace {

namespace {

constexpr double kMostly = 0.9;
constexpr std::size_t kNoteTextBytes = 60;
constexpr std::size_t kSafeDigits = 15;  // any whole number of so many digits is a double exactly

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

bool most_are_no(const Sightings& sightings, const Evidence& evidence) {
  const auto others = static_cast<double>(evidence.present - sightings.count);
  return sightings.count == 0 || others < kMostly * static_cast<double>(evidence.present);
}

}  // namespace

void Sightings::add(std::string_view value, const ValuePlace& place) {
  if (count++ > 0) return;
  first = place;
  text = printable(value, kNoteTextBytes);
}

void Sightings::merge(const Sightings& other) {
  if (other.count > 0 && (count == 0 || other.first < first)) {
    first = other.first;
    text = other.text;
  }
  count += other.count;
}

void Evidence::observe(std::string_view value, const ValuePlace& place) {
  ++present;
  candidates.observe(value);
  const bool numbers = candidates.allows(ColumnType::kReal);
  const bool times = candidates.allows(ColumnType::kTimestamp);
  if (!numbers && !is_number(value)) no_numbers.add(value, place);
  if (!times && !is_time(value)) no_times.add(value, place);
  if (numbers && loses_digits_as_real(value)) long_numbers.add(value, place);
  if (!numbers && !times && stands_in_quotes(value)) quoted.add(value, place);
}

void Evidence::merge(const Evidence& other) {
  candidates.merge(other.candidates);
  present += other.present;
  no_numbers.merge(other.no_numbers);
  no_times.merge(other.no_times);
  long_numbers.merge(other.long_numbers);
  quoted.merge(other.quoted);
}

void to_json(Json& json, const Sightings& s) {
  json = {s.count, s.first.piece, s.first.line, s.text};
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

std::string note_on(const Evidence& e, ColumnType type, const std::vector<SourceFile>& sources,
                    const std::vector<ShardPiece>& pieces) {
  const auto note = [&](const Sightings& seen, const char* what) {
    return fmt::format("'{}' in {} line {} {} ({} of {} values)", seen.text,
                       sources[pieces[seen.first.piece].source].name, seen.first.line, what,
                       human_count(seen.count), human_count(e.present));
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
