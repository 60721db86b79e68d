// The predict call: plain JSON rows in, plain JSON predictions out; what a person with curl would write.
// Internal to serving/.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "serving/served_model.hpp"
#include "table/column.hpp"

namespace millrace {

// {"rows": [{column: value, …}, …]}, or the list alone, or one row alone. An absent column or null is a
// missing value. Throws kUsage with what is wrong and where.
Table parse_rows_request(std::string_view body, const ServedModel& model, std::size_t max_rows);

std::string rows_answer(const ServedModel& model, std::string_view name, std::span<const float> predictions);

}  // namespace millrace
