// JSON answers are written straight into a string: building a tree first would cost several times as much as
// the model. Internal to serving/.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "table/column.hpp"

namespace millrace {

// "text", escaped. The text is UTF-8 already: it comes from parsed JSON.
void append_json_string(std::string& out, std::string_view text);
// Shortest form that reads back as the same float; the value must be finite, as JSON has no other.
void append_json_number(std::string& out, float value);
void append_json_number(std::string& out, std::uint64_t value);
// A present value of a column, as requests write it.
void append_json_value(std::string& out, const Column& column, std::size_t row);

}  // namespace millrace
