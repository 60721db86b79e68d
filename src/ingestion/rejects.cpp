#include "ingestion/rejects.hpp"

#include <algorithm>

#include <simdjson.h>

#include "base/text.hpp"

namespace millrace {

namespace {

std::string_view cut_at_character(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) return text;
  std::size_t end = limit;
  while (end > 0 && limit - end < 3 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return text.substr(0, end);
}

std::string quote_problem(std::string_view text) {
  const bool escaped =
      text.find("\\\"") != std::string_view::npos || text.find("\\'") != std::string_view::npos;
  return fmt::format(
      "text between a closing quote and the next delimiter{}",
      escaped ? " (a quote within quotes is doubled, or data.escape is set to the backslash)" : "");
}

}  // namespace

const char* to_string(RejectKind kind) {
  switch (kind) {
    case RejectKind::kCast:
      return "cast";
    case RejectKind::kMissingColumns:
      return "missing_columns";
    case RejectKind::kTooManyColumns:
      return "too_many_columns";
    case RejectKind::kQuote:
      return "quote";
    case RejectKind::kLineSize:
      return "line_size";
    case RejectKind::kEncoding:
      return "encoding";
    case RejectKind::kNul:
      return "nul";
  }
  return "";
}

std::optional<Problem> check_record(const CsvBatch& batch, const RecordPlace& place,
                                    std::size_t expected_fields, std::uint64_t longest_record) {
  const std::string_view text = batch.text_of(place);
  if (place.fault == RecordFault::kTooLong) {
    return Problem{
        RejectKind::kLineSize, {}, fmt::format("longer than data.block_bytes ({})", longest_record)};
  }
  if (place.fault == RecordFault::kQuote) return Problem{RejectKind::kQuote, {}, quote_problem(text)};
  if (batch.has_nul && text.find('\0') != std::string_view::npos)
    return Problem{RejectKind::kNul, {}, "a NUL byte"};
  if (place.fields != expected_fields) {
    const auto kind =
        place.fields < expected_fields ? RejectKind::kMissingColumns : RejectKind::kTooManyColumns;
    return Problem{kind, {}, fmt::format("{} fields instead of {}", place.fields, expected_fields)};
  }
  return std::nullopt;
}

void sort_records(const CsvBatch& batch, std::size_t expected_fields, std::uint64_t longest_record,
                  std::vector<std::uint32_t>& sound, std::vector<RecordProblem>& problems) {
  sound.clear();
  problems.clear();
  for (std::uint32_t i = 0; i < batch.records.size(); ++i) {
    const RecordPlace& place = batch.records[i];
    const bool plain = place.fields == expected_fields && place.fault == RecordFault::kNone && !batch.has_nul;
    auto problem = plain ? std::nullopt : check_record(batch, place, expected_fields, longest_record);
    if (problem) {
      problems.push_back({i, std::move(*problem)});
    } else {
      sound.push_back(i);
    }
  }
}

bool is_utf8(std::string_view text) {
  return simdjson::validate_utf8(text.data(), text.size());
}

std::string printable(std::string_view text, std::size_t limit) {
  const std::string_view kept = cut_at_character(text, limit);
  const bool readable = is_utf8(kept);
  std::string result;
  for (const char c : kept) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7f || (byte > 0x7f && !readable)) {
      result += fmt::format("\\x{:02x}", byte);
    } else {
      result += c;
    }
  }
  return result + (kept.size() < text.size() ? "…" : "");
}

Json reject_json(const Reject& reject, const std::string& file) {
  return {{"file", file},
          {"line", reject.line},
          {"byte", reject.byte},
          {"column", reject.column},
          {"kind", to_string(reject.kind)},
          {"reason", reject.reason},
          {"text", reject.text}};
}

std::string describe_reject(const Json& reject) {
  const auto column = reject.at("column").get<std::string>();
  return fmt::format(
      "{} line {}{}: {}", reject.at("file").get<std::string>(), reject.at("line").get<std::uint64_t>(),
      column.empty() ? "" : ", column " + millrace::quoted(column), reject.at("reason").get<std::string>());
}

}  // namespace millrace
