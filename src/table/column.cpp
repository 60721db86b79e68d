#include "table/column.hpp"

namespace millrace {

namespace {

// The elements of `values` where keep[i] != 0; nothing where `values` is not the vector that the type uses.
template <class T>
std::vector<T> selected(const std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
  std::vector<T> result;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (keep[i] != 0) result.push_back(values[i]);
  }
  return result;
}

}  // namespace

void Column::append_missing() {
  switch (type.kind) {
    case TypeKind::kReal:
      reals.push_back(0);
      break;
    case TypeKind::kText:
      codes.push_back(0);
      break;
    default:
      integers.push_back(0);
  }
  valid.push_back(0);
}

void Column::append_integer(std::int64_t value) {
  integers.push_back(value);
  valid.push_back(1);
}

void Column::append_real(double value) {
  reals.push_back(value);
  valid.push_back(1);
}

void Column::clear() {
  integers.clear();
  reals.clear();
  codes.clear();
  dictionary.clear();
  valid.clear();
}

void Column::reserve(std::size_t rows) {
  switch (type.kind) {
    case TypeKind::kReal:
      reals.reserve(rows);
      break;
    case TypeKind::kText:
      codes.reserve(rows);
      break;
    default:
      integers.reserve(rows);
  }
  valid.reserve(rows);
}

Table make_table(const Schema& schema) {
  Table table{schema, {}};
  for (const Field& field : schema) table.columns.emplace_back(field.type);
  return table;
}

Column select_rows(const Column& column, const std::vector<std::uint8_t>& keep) {
  Column result(column.type);
  result.integers = selected(column.integers, keep);
  result.reals = selected(column.reals, keep);
  result.codes = selected(column.codes, keep);
  result.dictionary = column.dictionary;
  result.valid = selected(column.valid, keep);
  return result;
}

Table select_rows(const Table& table, const std::vector<std::uint8_t>& keep) {
  Table result{table.schema, {}};
  for (const Column& column : table.columns) result.columns.push_back(select_rows(column, keep));
  return result;
}

}  // namespace millrace
