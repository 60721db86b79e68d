#include "ingestion/column_parsers.hpp"

#include <algorithm>
#include <cstdint>

#include "base/error.hpp"
#include "ingestion/plain_values.hpp"
#include "table/parse.hpp"
#include "table/short_values.hpp"

namespace millrace {

namespace {

// `Parse` and `IsPlain` are types of their own for each type of column, so that each has a loop with both in
// it.
template <class Parse, class IsPlain, class Value>
bool parse_values(const BatchColumn& from, FieldReader& reader, std::vector<Value>& values,
                  std::vector<std::uint8_t>& valid, std::vector<std::uint32_t>& failed, const Parse& parse,
                  const IsPlain& is_plain) {
  const std::size_t rows = from.rows.size();
  const std::size_t first = valid.size();
  values.resize(first + rows);
  valid.resize(first + rows);
  Value* const value = values.data() + first;
  std::uint8_t* const is_valid = valid.data() + first;
  bool all_plain = true;
  PaddedText text;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!reader.read(from.raw(row), text)) continue;
    const bool parsed = parse(text, value[row]);
    is_valid[row] = parsed ? 1 : 0;
    if (!parsed) failed.push_back(static_cast<std::uint32_t>(row));
    all_plain = all_plain && parsed && is_plain(text);
  }
  return all_plain;
}

template <auto Parse, auto IsPlain, class Value>
bool parse_values(const BatchColumn& from, FieldReader& reader, std::vector<Value>& values,
                  std::vector<std::uint8_t>& valid, std::vector<std::uint32_t>& failed) {
  return parse_values(
      from, reader, values, valid, failed,
      [](const PaddedText& text, Value& value) { return Parse(text, value); },
      [](std::string_view text) { return IsPlain(text); });
}

bool parse_any_integer(const PaddedText& text, std::int64_t& value) {
  return parse_short_integer(text, value) || parse_integer(text, value);
}

bool parse_any_real(const PaddedText& text, double& value) {
  return parse_short_real(text, value) || parse_real(text, value);
}

bool parse_any_date(const PaddedText& text, std::int64_t& days) {
  return parse_plain_date(text, days) || parse_date(text, days);
}

// Of a column whose type is declared: nobody asks whether its values are plain.
bool not_asked(std::string_view /*text*/) {
  return false;
}

bool parse_formatted(const BatchColumn& from, FieldReader& reader, Column& column, const TimeFormat& format,
                     std::vector<std::uint32_t>& failed) {
  const bool is_date = column.type == ColumnType::kDate;
  return parse_values(
      from, reader, column.integers, column.valid, failed,
      [&](std::string_view text, std::int64_t& value) {
        return is_date ? format.parse_date(text, value) : format.parse_timestamp(text, value);
      },
      not_asked);
}

template <class T>
void drop_values(std::vector<T>& values, std::size_t rows, std::span<const std::uint32_t> drop) {
  if (values.empty()) return;
  const std::size_t first = values.size() - rows;
  std::size_t to = first;
  auto next = drop.begin();
  for (std::size_t row = 0; row < rows; ++row) {
    if (next != drop.end() && *next == row) {
      ++next;
    } else {
      values[to++] = values[first + row];
    }
  }
  values.resize(to);
}

}  // namespace

bool parse_column(const BatchColumn& from, FieldReader& reader, Column& column, const TimeFormat* format,
                  std::vector<std::uint32_t>& failed) {
  if (format != nullptr) return parse_formatted(from, reader, column, *format, failed);
  switch (column.type.kind) {
    case TypeKind::kBoolean:
      return parse_values<parse_boolean, any_value>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kInteger:
      return parse_values<parse_any_integer, is_plain_number>(from, reader, column.integers, column.valid,
                                                              failed);
    case TypeKind::kReal:
      return parse_values<parse_any_real, is_plain_number>(from, reader, column.reals, column.valid, failed);
    case TypeKind::kDecimal:
      return parse_values(
          from, reader, column.integers, column.valid, failed,
          [type = column.type](std::string_view text, std::int64_t& value) {
            return parse_decimal(text, type, value);
          },
          not_asked);
    case TypeKind::kDate:
      return parse_values<parse_any_date, any_value>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kTimestamp:
      return parse_values<parse_timestamp, is_plain_time>(from, reader, column.integers, column.valid,
                                                          failed);
    case TypeKind::kText:
      break;
  }
  throw internal_error("a text column needs a dictionary");
}

bool parse_column(const BatchColumn& from, FieldReader& reader, Column& column, TextAppender& texts,
                  RawTexts& raw_texts) {
  const std::size_t rows = from.rows.size();
  const std::size_t first = column.size();
  column.codes.resize(first + rows);
  column.valid.resize(first + rows);
  std::int32_t* const code = column.codes.data() + first;
  std::uint8_t* const is_valid = column.valid.data() + first;
  bool all_plain = true;
  for (std::size_t row = 0; row < rows; ++row) {
    const RawTexts::Meaning meaning = raw_texts.of(PaddedText(from.raw(row)), reader, texts);
    code[row] = std::max(meaning.code, 0);
    is_valid[row] = meaning.code == RawTexts::kMissing ? 0 : 1;
    all_plain &= meaning.is_plain;
  }
  return all_plain;
}

void drop_rows(Column& column, std::size_t rows, std::span<const std::uint32_t> drop) {
  drop_values(column.integers, rows, drop);
  drop_values(column.reals, rows, drop);
  drop_values(column.codes, rows, drop);
  drop_values(column.valid, rows, drop);
}

}  // namespace millrace
