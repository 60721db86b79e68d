// Days since 1970-01-01 and their names, 2026-10-01.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace millrace::datagen {

// Throws kUsage unless `text` is a day of the calendar from 1970 on, written YYYY-MM-DD.
std::int32_t parse_day(std::string_view text);

std::string day_name(std::int32_t day);

// The names of a range of days, made once: rows look them up.
class DayNames {
 public:
  DayNames(std::int32_t first, std::int32_t last);
  [[nodiscard]] std::string_view operator[](std::int32_t day) const {
    const auto& name = names_[static_cast<std::size_t>(day - first_)];
    return {name.data(), name.size()};
  }

 private:
  std::int32_t first_;
  std::vector<std::array<char, 10>> names_;
};

}  // namespace millrace::datagen
