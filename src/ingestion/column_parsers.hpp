// One column of a batch → values behind those that the column has.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "ingestion/csv_batch.hpp"
#include "ingestion/field_reader.hpp"
#include "ingestion/raw_texts.hpp"
#include "table/column.hpp"
#include "table/time_format.hpp"

namespace millrace {

// Field `position` of the records whose numbers are `rows`.
struct BatchColumn {
  const CsvBatch& batch;
  std::span<const std::uint32_t> rows;
  std::size_t position;

  [[nodiscard]] std::string_view raw(std::size_t row) const {
    return batch.raw_field(batch.records[rows[row]], position);
  }
};

// Appends one value a row to a column that is not text. Rows whose text is no value of the type are appended
// as missing, and their indices in `rows` are appended to `failed`. Dates and timestamps may have a format.
// Returns whether all present values are plainly of the type (plain_values.hpp).
bool parse_column(const BatchColumn& from, FieldReader& reader, Column& column, const TimeFormat* format,
                  std::vector<std::uint32_t>& failed);

// The same for text, which never fails.
bool parse_column(const BatchColumn& from, FieldReader& reader, Column& column, TextAppender& texts,
                  RawTexts& raw_texts);

// Takes away the last `rows` values that are at `drop` (ascending, counted from the first of those rows).
void drop_rows(Column& column, std::size_t rows, std::span<const std::uint32_t> drop);

}  // namespace millrace
