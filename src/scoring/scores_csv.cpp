#include "scoring/scores_csv.hpp"

#include <charconv>

#include <fmt/format.h>

#include "table/format.hpp"
#include "versions/export_csv.hpp"

namespace millrace {

namespace {

// Appends the values of one column; each distinct text is put in quotes once.
class ColumnText {
 public:
  ColumnText(const Column& column, bool is_score) : column_(&column), is_score_(is_score) {
    for (std::size_t i = 0; i < column.dictionary.size(); ++i)
      append_csv_field(texts_.emplace_back(), column.dictionary[i], {});
  }

  void append(std::string& to, std::size_t row) const {
    if (!column_->is_valid(row)) return;
    if (column_->type == ColumnType::kText) {
      to += texts_[static_cast<std::size_t>(column_->codes[row])];
    } else if (column_->type == ColumnType::kReal && is_score_) {
      fmt::format_to(std::back_inserter(to), "{}", static_cast<float>(column_->reals[row]));
    } else if (column_->type == ColumnType::kInteger) {
      append_integer(to, column_->integers[row]);
    } else {
      append_csv_field(to, format_value(*column_, row), {});
    }
  }

 private:
  static void append_integer(std::string& to, std::int64_t value) {
    fmt::format_to(std::back_inserter(to), "{}", value);
  }

  const Column* column_;
  bool is_score_;
  std::vector<std::string> texts_;
};

}  // namespace

std::string scores_header(const ScoreColumns& columns) {
  std::string text;
  for (const Field& field : columns.schema) {
    if (!text.empty()) text += ',';
    append_csv_field(text, field.name, {});
  }
  return text + '\n';
}

std::string scores_csv(const ScoreColumns& columns, const Table& table) {
  std::vector<ColumnText> texts;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    texts.emplace_back(table.columns[i], i >= columns.first_score);
  std::string text;
  for (std::size_t row = 0; row < table.rows(); ++row) {
    for (std::size_t i = 0; i < texts.size(); ++i) {
      if (i > 0) text += ',';
      texts[i].append(text, row);
    }
    text += '\n';
  }
  return text;
}

}  // namespace millrace
