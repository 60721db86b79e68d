// Small tables written as text, and expressions evaluated over them, shown as text again.
#pragma once

#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "expression/expression.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace::testing {

struct TextColumn {
  Field field;
  std::vector<std::string> values;  // "" is missing
};

inline Table make_test_table(const std::vector<TextColumn>& columns) {
  Table table;
  std::vector<Field> fields;
  for (const auto& [field, values] : columns) {
    fields.push_back(field);
    Column column(field.type);
    TextAppender appender(column);
    for (const std::string& value : values) {
      if (value.empty()) {
        column.append_missing();
      } else if (field.type == ColumnType::kText) {
        appender.append(value);
      } else {
        EXPECT_TRUE(parse_append(value, column)) << value;
      }
    }
    table.columns.push_back(std::move(column));
  }
  table.schema = Schema(std::move(fields));
  return table;
}

inline std::vector<std::uint64_t> first_indices(std::size_t rows) {
  std::vector<std::uint64_t> indices(rows);
  std::iota(indices.begin(), indices.end(), std::uint64_t{0});
  return indices;
}

// Values joined by blanks, "?" where missing.
inline std::string values_of(const Column& column) {
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column.size(); ++row) {
    texts.push_back(column.is_valid(row) ? format_value(column, row) : "?");
  }
  return join(texts, " ");
}

inline std::string evaluated(const std::string& expression, const Table& table) {
  const auto compiled = Expression::compile({expression, {}}, table.schema);
  const Column column = compiled.evaluate(table, first_indices(table.rows()));
  EXPECT_EQ(column.type, compiled.type()) << expression;
  return values_of(column);
}

// A constant expression.
inline std::string evaluated(const std::string& expression) {
  const auto compiled = Expression::compile({expression, {}}, Schema());
  return values_of(compiled.evaluate(Table{}, first_indices(1)));
}

}  // namespace millrace::testing
