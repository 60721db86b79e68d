#include "ingestion/column_parsers.hpp"

#include <cstdint>

#include "base/error.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

// `Parse` is a type of its own for each parser, so that each has a loop with the parser in it.
template <class Parse, class Value>
void parse_values(const BatchColumn& from, FieldReader& reader, std::vector<Value>& values,
                  std::vector<std::uint8_t>& valid, std::vector<std::uint32_t>& failed, const Parse& parse) {
  const std::size_t rows = from.rows.size();
  const std::size_t first = valid.size();
  values.resize(first + rows);
  valid.resize(first + rows);
  Value* const value = values.data() + first;
  std::uint8_t* const is_valid = valid.data() + first;
  std::string_view text;
  for (std::size_t row = 0; row < rows; ++row) {
    if (!reader.read(from.raw(row), text)) continue;
    const bool parsed = parse(text, value[row]);
    is_valid[row] = parsed ? 1 : 0;
    if (!parsed) failed.push_back(static_cast<std::uint32_t>(row));
  }
}

template <auto Parse, class Value>
void parse_values(const BatchColumn& from, FieldReader& reader, std::vector<Value>& values,
                  std::vector<std::uint8_t>& valid, std::vector<std::uint32_t>& failed) {
  parse_values(from, reader, values, valid, failed,
               [](std::string_view text, Value& value) { return Parse(text, value); });
}

void parse_formatted(const BatchColumn& from, FieldReader& reader, Column& column, const TimeFormat& format,
                     std::vector<std::uint32_t>& failed) {
  const bool is_date = column.type == ColumnType::kDate;
  parse_values(from, reader, column.integers, column.valid, failed,
               [&](std::string_view text, std::int64_t& value) {
                 return is_date ? format.parse_date(text, value) : format.parse_timestamp(text, value);
               });
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

void parse_column(const BatchColumn& from, FieldReader& reader, Column& column, const TimeFormat* format,
                  std::vector<std::uint32_t>& failed) {
  if (format != nullptr) return parse_formatted(from, reader, column, *format, failed);
  switch (column.type.kind) {
    case TypeKind::kBoolean:
      return parse_values<parse_boolean>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kInteger:
      return parse_values<parse_integer>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kReal:
      return parse_values<parse_real>(from, reader, column.reals, column.valid, failed);
    case TypeKind::kDecimal:
      return parse_values(from, reader, column.integers, column.valid, failed,
                          [type = column.type](std::string_view text, std::int64_t& value) {
                            return parse_decimal(text, type, value);
                          });
    case TypeKind::kDate:
      return parse_values<parse_date>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kTimestamp:
      return parse_values<parse_timestamp>(from, reader, column.integers, column.valid, failed);
    case TypeKind::kText:
      break;
  }
  throw internal_error("a text column needs a dictionary");
}

void parse_column(const BatchColumn& from, FieldReader& reader, Column& column, TextAppender& texts) {
  const std::size_t first = column.size();
  column.codes.resize(first + from.rows.size());
  column.valid.resize(first + from.rows.size());
  const bool prefetch = texts.is_large();
  std::string_view text;
  for (std::size_t row = 0; row < from.rows.size(); ++row) {
    if (prefetch && row + TextAppender::kAhead < from.rows.size()) {
      texts.prefetch(from.raw(row + TextAppender::kAhead));
    }
    if (!reader.read(from.raw(row), text)) continue;
    column.codes[first + row] = texts.code_of(text);
    column.valid[first + row] = 1;
  }
}

void drop_rows(Column& column, std::size_t rows, std::span<const std::uint32_t> drop) {
  drop_values(column.integers, rows, drop);
  drop_values(column.reals, rows, drop);
  drop_values(column.codes, rows, drop);
  drop_values(column.valid, rows, drop);
}

}  // namespace millrace
