// Rows of input as JSON, as clients send them and golden rows are kept.
#pragma once

#include "base/json.hpp"
#include "table/column.hpp"

namespace millrace {

// One JSON object (column → value; null or absent: missing) per row → a table with the schema's columns.
// Booleans are true and false, integers and reals numbers (5.0 is the integer 5), dates, timestamps and texts
// strings; a number in quotes is no number. Throws kUsage naming row (from 1) and column for any other value,
// and with a near miss for a key that is no column.
Table table_from_json_rows(const Json& rows, const Schema& schema);

// What a value of the type looks like in JSON, for messages: "a whole number within 64 bits".
std::string expected_json(ColumnType type);

}  // namespace millrace
