// Typed value → text that parses back to the same value.
#pragma once

#include <string>

#include "table/column.hpp"

namespace millrace {

std::string format_real(double value);       // shortest form that reads back exactly
std::string format_date(std::int64_t days);  // 2026-11-24
// 2026-11-24T03:26:00Z, with a fraction where there is one.
std::string format_timestamp(std::int64_t micros);
// A value as Column::integers stores it.
std::string format_integer(std::int64_t value, ColumnType type);
std::string format_value(const Column& column, std::size_t row);  // "" for a missing value
// A numeric value of a column type: a date's days as a date, an integer without a point.
std::string format_number(double value, ColumnType type);

}  // namespace millrace
