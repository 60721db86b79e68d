#include <chrono>

#include "expression/kernels.hpp"

namespace millrace {

namespace {

using Integer = std::optional<std::int64_t>;

constexpr std::int64_t kMicrosPerDay = 86'400'000'000;

std::int64_t day_of_timestamp(std::int64_t micros) {
  return micros / kMicrosPerDay - (micros % kMicrosPerDay < 0 ? 1 : 0);
}

// part(year_month_day) of a date or timestamp.
template <class Part>
Value part_of_date(Operands operands, const Part& part) {
  const Value& moment = operands[0];
  const bool is_date = moment->type == ColumnType::kDate;
  return map_rows(ColumnType::kInteger, operands, [&](std::size_t row) {
    const std::int64_t days = is_date ? moment.integer(row) : day_of_timestamp(moment.integer(row));
    return Integer(part(std::chrono::year_month_day(std::chrono::sys_days(std::chrono::days(days)))));
  });
}

}  // namespace

Value year_of(Operands operands) {
  return part_of_date(operands, [](const auto& date) { return static_cast<int>(date.year()); });
}

Value month_of(Operands operands) {
  return part_of_date(operands, [](const auto& date) { return static_cast<unsigned>(date.month()); });
}

Value day_of(Operands operands) {
  return part_of_date(operands, [](const auto& date) { return static_cast<unsigned>(date.day()); });
}

Value date_to_timestamp(Operands operands) {
  return map_rows(ColumnType::kTimestamp, operands,
                  [&](std::size_t row) { return Integer(operands[0].integer(row) * kMicrosPerDay); });
}

Value timestamp_to_date(Operands operands) {
  return map_rows(ColumnType::kDate, operands,
                  [&](std::size_t row) { return Integer(day_of_timestamp(operands[0].integer(row))); });
}

Value unchanged(Operands operands) {
  return operands[0];
}

}  // namespace millrace
