#include "ingestion/batch_parser.hpp"

#include <algorithm>
#include <tuple>

#include "ingestion/column_parsers.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

Problem no_value(std::string_view text, std::size_t column, ColumnType type, const TimeFormat* format) {
  const std::string shown = printable(text, 60);
  if (format == nullptr) return {RejectKind::kCast, column, parse_failure(shown, type)};
  return {RejectKind::kCast, column,
          fmt::format("'{}' is no {} ({})", shown, to_string(type), format->pattern())};
}

Problem no_utf8(std::string_view text, std::size_t column) {
  return {RejectKind::kEncoding, column, fmt::format("'{}' is no UTF-8", printable(text, 60))};
}

bool comes_first(const RecordProblem& a, const RecordProblem& b) {
  return std::tie(a.record, a.problem.column) < std::tie(b.record, b.problem.column);
}

}  // namespace

BatchParser::BatchParser(Table& table, std::vector<std::size_t> positions, std::size_t fields,
                         std::uint64_t longest_record, const CsvDialect& dialect)
    : table_(&table),
      positions_(std::move(positions)),
      fields_(fields),
      longest_record_(longest_record),
      reader_(dialect),
      is_plain_(table.columns.size()) {
  for (Column& column : table.columns) {
    if (column.type == ColumnType::kText) texts_.emplace_back(column);
  }
  raw_texts_.resize(texts_.size());
  for (const Field& field : table.schema) {
    const auto format = dialect.formats.find(field.name);
    formats_.push_back(format == dialect.formats.end() ? nullptr : &format->second);
  }
}

// Texts come last: what has entered a dictionary could not be taken back.
void BatchParser::append(const CsvBatch& batch) {
  failed_.clear();
  sort_records(batch, fields_, longest_record_, rows_, problems_);
  const std::string_view text(batch.text, batch.size);
  if (!texts_.empty() && !is_utf8(text)) find_other_encodings(batch);
  parse_numbers(batch);
  if (!failed_.empty()) drop_failed();
  parse_texts(batch);
}

// The batch as a whole is no UTF-8: which texts are not?
void BatchParser::find_other_encodings(const CsvBatch& batch) {
  PaddedText text;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    if (table_->columns[i].type != ColumnType::kText) continue;
    for (const std::uint32_t row : rows_) {
      const bool present = reader_.read(batch.raw_field(batch.records[row], positions_[i]), text);
      if (present && !is_utf8(text)) failed_.push_back({row, no_utf8(text, i)});
    }
  }
}

void BatchParser::parse_numbers(const CsvBatch& batch) {
  PaddedText text;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    Column& column = table_->columns[i];
    if (column.type == ColumnType::kText) continue;
    const BatchColumn from{batch, rows_, positions_[i]};
    failed_rows_.clear();
    is_plain_[i] = parse_column(from, reader_, column, formats_[i], failed_rows_) ? 1 : 0;
    for (const std::uint32_t row : failed_rows_) {
      reader_.read(from.raw(row), text);
      failed_.push_back({rows_[row], no_value(text, i, column.type, formats_[i])});
    }
  }
}

// Of several failures of a record the one of the first column is told.
void BatchParser::drop_failed() {
  std::ranges::sort(failed_, comes_first);
  const auto same_record = [](const RecordProblem& a, const RecordProblem& b) {
    return a.record == b.record;
  };
  failed_.erase(std::unique(failed_.begin(), failed_.end(), same_record), failed_.end());
  std::vector<std::uint32_t> drop;
  for (const RecordProblem& failure : failed_) {
    drop.push_back(
        static_cast<std::uint32_t>(std::ranges::lower_bound(rows_, failure.record) - rows_.begin()));
  }
  for (Column& column : table_->columns) {
    if (column.type != ColumnType::kText) drop_rows(column, rows_.size(), drop);
  }
  std::erase_if(rows_, [next = failed_.begin(), this](std::uint32_t row) mutable {
    const bool drops = next != failed_.end() && next->record == row;
    if (drops) ++next;
    return drops;
  });
  problems_.insert(problems_.end(), std::make_move_iterator(failed_.begin()),
                   std::make_move_iterator(failed_.end()));
  std::ranges::sort(problems_, comes_first);
}

void BatchParser::parse_texts(const CsvBatch& batch) {
  std::size_t text = 0;
  for (std::size_t i = 0; i < positions_.size(); ++i) {
    Column& column = table_->columns[i];
    if (column.type != ColumnType::kText) continue;
    const BatchColumn from{batch, rows_, positions_[i]};
    is_plain_[i] = parse_column(from, reader_, column, texts_[text], raw_texts_[text]) ? 1 : 0;
    ++text;
  }
}

}  // namespace millrace
