// Values of requests → values of a column of their field's type. Internal to serving/.
#pragma once

#include <cstdint>
#include <string_view>

#include <simdjson.h>

#include "table/column.hpp"

namespace millrace {

// null is a missing value. Throws kUsage naming the input, the row (from 1) and the value.
void append_json(const simdjson::dom::element& value, const Field& field, Column& column);

// Each distinct text is not looked up: most requests have but one row. False where it is none of the type.
bool append_text(std::string_view text, Column& column);
// 5.0 is the integer 5: many clients send all their numbers as doubles. For types of numbers. A NaN is a
// missing value; false for infinity and what the type does not hold.
bool append_number(double value, Column& column);
bool append_number(std::int64_t value, Column& column);

}  // namespace millrace
