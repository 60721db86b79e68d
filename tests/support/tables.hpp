// Small tables from text, and errors as text.
#pragma once

#include <string>
#include <vector>

#include "base/error.hpp"
#include "table/column.hpp"
#include "table/parse.hpp"

namespace millrace::testing_support {

struct TextColumn {
  std::string name;
  ColumnType type;
  std::vector<std::string> values;  // "" is missing
};

inline Column make_column(ColumnType type, const std::vector<std::string>& values) {
  Column column(type);
  if (type == ColumnType::kText) {
    TextAppender appender(column);
    for (const std::string& value : values) value.empty() ? column.append_missing() : appender.append(value);
    return column;
  }
  for (const std::string& value : values) {
    if (value.empty()) {
      column.append_missing();
    } else if (!parse_append(value, column)) {
      throw internal_error("{}", parse_failure(value, type));
    }
  }
  return column;
}

inline Table make_table_of(const std::vector<TextColumn>& columns) {
  Table table;
  std::vector<Field> fields;
  for (const TextColumn& column : columns) {
    fields.push_back({column.name, column.type});
    table.columns.push_back(make_column(column.type, column.values));
  }
  table.schema = Schema(std::move(fields));
  return table;
}

// Message of the Error that `body` throws, with its exit code in front; "" where it throws none.
template <class Body>
std::string error_of(Body&& body) {
  try {
    body();
  } catch (const Error& error) {
    return fmt::format("{}: {}", static_cast<int>(error.code()), error.message());
  }
  return "";
}

inline bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace millrace::testing_support
