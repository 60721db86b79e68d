// Dates and timestamps that are not written as ISO 8601 has it: by a pattern of strptime(3)'s codes.
//
//   %Y year, four digits          %H hour, 0 to 23         %f digits behind the second's point
//   %y year, two: 1969 to 2068    %I hour, 1 to 12         %z Z, ±hh, ±hhmm or ±hh:mm
//   %m month, %d day              %p AM or PM              %% a percent sign
//   %b %B month, by its English   %M minute, %S second
//      name or its first three letters
//
// Numbers have one digit or two, and exactly two where another number stands right beside them. Everything
// else stands for itself.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "table/schema.hpp"

namespace millrace {

class TimeFormat {
 public:
  // Throws kUsage for a code that is none of these or stands twice, and unless there are year, month and day,
  // %I with %p, and hours with minutes, minutes with seconds, seconds with a fraction.
  explicit TimeFormat(std::string pattern);

  [[nodiscard]] const std::string& pattern() const { return pattern_; }
  // kTimestamp where the pattern has an hour, otherwise kDate.
  [[nodiscard]] ColumnType type() const {
    return has('H') || has('I') ? ColumnType::kTimestamp : ColumnType::kDate;
  }
  // Days, or microseconds (UTC where no offset is given; the midnight of what is only a date). False where
  // the text is not written so, or there is no such day or time.
  bool parse_date(std::string_view text, std::int64_t& days) const;
  bool parse_timestamp(std::string_view text, std::int64_t& micros) const;

 private:
  struct Item {
    char code = '\0';  // '\0': the character itself
    char character = '\0';
    bool is_fixed = false;  // a number of exactly two digits
  };

  [[nodiscard]] bool has(char code) const;
  void read_pattern();
  void check_codes() const;

  std::string pattern_;
  std::vector<Item> items_;
};

}  // namespace millrace
