// Columns in memory: values beside a validity flag for each row.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "table/decimal.hpp"
#include "table/padded_text.hpp"
#include "table/schema.hpp"
#include "table/text_list.hpp"

namespace millrace {

// Of the value vectors exactly one is used: `reals` for kReal, `codes` (indices into `dictionary`) for kText,
// `integers` for all other types (a decimal's value is its integer times 10^-scale). Rows with valid[i] == 0
// are missing; their value is 0 (code 0 may be out of range where the dictionary is empty). A dictionary
// holds texts in the order of their appearance: each once, but in columns whose values mostly differ, where
// nobody looked for equal ones (TextAppender).
struct Column {
  ColumnType type = ColumnType::kText;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::int32_t> codes;
  TextList dictionary;
  std::vector<std::uint8_t> valid;  // 1: present

  explicit Column(ColumnType column_type = ColumnType::kText) : type(column_type) {}

  [[nodiscard]] std::size_t size() const { return valid.size(); }
  [[nodiscard]] bool is_valid(std::size_t row) const { return valid[row] != 0; }
  // The value as a double (numeric types only; the row must be valid).
  [[nodiscard]] double number(std::size_t row) const {
    return type.kind == TypeKind::kReal ? reals[row] : number_of(integers[row], type);
  }
  // The text of a row (kText only; the row must be valid).
  [[nodiscard]] std::string_view text(std::size_t row) const {
    return dictionary[static_cast<std::size_t>(codes[row])];
  }

  void append_missing();
  void append_integer(std::int64_t value);  // any type stored in `integers`
  void append_real(double value);
  void reserve(std::size_t rows);
  void clear();  // no rows; the memory is kept
};

class TextIndex;
struct TextKey;

struct Table {
  Schema schema;
  std::vector<Column> columns;  // one a field, all of the same length

  [[nodiscard]] std::size_t rows() const { return columns.empty() ? 0 : columns.front().size(); }
  [[nodiscard]] const Column& operator[](std::string_view name) const {
    return columns[schema.index_of(name)];
  }
  void clear() {  // no rows; the memory is kept
    for (Column& column : columns) column.clear();
  }
};

// An empty table with one empty column for each field.
Table make_table(const Schema& schema);

// Appends texts to a kText column, looking them up in its dictionary. Where 15 of 16 values differ, once
// there are many (16,384 different ones, or those of a column that is appended), the dictionary saves
// nothing, and each further value enters it without a look: what is looked up and what is not depends on the
// values and their order alone.
class TextAppender {
 public:
  explicit TextAppender(Column& column);  // the column must outlive the appender
  ~TextAppender();
  TextAppender(TextAppender&&) noexcept;
  void append(std::string_view text);
  void append(const Column& other);  // all rows of another text column, with what is missing

  // The code of a text, which enters the dictionary where it is new; for who fills the column's codes
  // himself.
  std::int32_t code_of(std::string_view text);
  std::int32_t code_of(const PaddedText& text);

 private:
  std::int32_t add(std::string_view text);
  std::int32_t find_or_add(std::string_view text, const TextKey& key);
  std::vector<std::int32_t> add_all(const TextList& texts);
  std::vector<std::int32_t> codes_of(const TextList& texts);

  Column* column_;
  std::size_t values_ = 0;            // that are present
  std::unique_ptr<TextIndex> index_;  // none where nothing is looked up any more
};

// The rows where keep[i] != 0, in order. Dictionaries are kept as they are.
Column select_rows(const Column& column, const std::vector<std::uint8_t>& keep);
Table select_rows(const Table& table, const std::vector<std::uint8_t>& keep);

}  // namespace millrace
