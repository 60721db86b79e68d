#include "table/format.hpp"

#include <chrono>
#include <cmath>

#include <fmt/core.h>

#include "table/calendar.hpp"

namespace millrace {

namespace {

std::int64_t floor_divide(std::int64_t value, std::int64_t by) {
  return value / by - (value % by < 0 ? 1 : 0);
}

// A mean or quantile of booleans, integers or decimals may lie between their values and is shown as it is; of
// dates and timestamps the nearest one is.
bool falls_between(double value, ColumnType type) {
  if (type == ColumnType::kBoolean) return value != 0 && value != 1;
  if (type.kind == TypeKind::kDecimal) return !decimal_of(value, type);
  return type == ColumnType::kInteger && value != std::trunc(value);
}

}  // namespace

std::string format_real(double value) {
  return fmt::format("{}", value);
}

std::string format_date(std::int64_t days) {
  const std::chrono::year_month_day date{std::chrono::sys_days(std::chrono::days(days))};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()), static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()));
}

std::string format_timestamp(std::int64_t micros) {
  const std::int64_t days = floor_divide(micros, kMicrosPerDay);
  const std::int64_t in_day = micros - days * kMicrosPerDay;
  const std::int64_t seconds = in_day / kMicrosPerSecond;
  std::string text =
      fmt::format("{}T{:02}:{:02}:{:02}", format_date(days), seconds / 3600, seconds / 60 % 60, seconds % 60);
  if (const std::int64_t fraction = in_day % kMicrosPerSecond; fraction != 0) {
    text += fmt::format(".{:06}", fraction);
    text.erase(text.find_last_not_of('0') + 1);
  }
  return text + "Z";
}

std::string format_integer(std::int64_t value, ColumnType type) {
  switch (type.kind) {
    case TypeKind::kDecimal:
      return format_decimal(value, type);
    case TypeKind::kBoolean:
      return value != 0 ? "true" : "false";
    case TypeKind::kDate:
      return format_date(value);
    case TypeKind::kTimestamp:
      return format_timestamp(value);
    default:
      return std::to_string(value);
  }
}

std::string format_value(const Column& column, std::size_t row) {
  if (!column.is_valid(row)) return "";
  switch (column.type.kind) {
    case TypeKind::kReal:
      return format_real(column.reals[row]);
    case TypeKind::kText:
      return std::string(column.text(row));
    default:
      return format_integer(column.integers[row], column.type);
  }
}

std::string format_number(double value, ColumnType type) {
  const bool fits = std::abs(value) < 0x1p63;  // false for NaN too
  if (type == ColumnType::kReal || type == ColumnType::kText || !fits || falls_between(value, type)) {
    return format_real(value);
  }
  if (type.kind == TypeKind::kDecimal) return format_decimal(*decimal_of(value, type), type);
  return format_integer(std::llround(value), type);
}

}  // namespace millrace
