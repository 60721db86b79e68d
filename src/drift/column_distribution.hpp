// How the values of a column are distributed: what later data are compared with, and those data themselves.
// Layout in JSON: docs/formats.md, "reference.json".
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "drift/number_distribution.hpp"
#include "table/schema.hpp"

namespace millrace {

// Different values that are kept one by one, of one column and of all columns together; and the gaps that
// stand for numbers which have more.
inline constexpr std::size_t kKeptValues = 65536;
inline constexpr std::size_t kKeptValuesOfAll = std::size_t{1} << 20U;
inline constexpr std::size_t kReferenceGaps = 1000;

// Of one of that many columns.
std::size_t kept_values(std::size_t columns);

// Texts and booleans; a level is a value as format_value() writes it.
struct LevelDistribution {
  std::map<std::string, std::uint64_t> rows;
  std::uint64_t other = 0;  // rows with levels that are not kept

  [[nodiscard]] std::uint64_t total() const;
};

struct ColumnDistribution {
  std::string name;
  ColumnType type;
  std::uint64_t rows = 0;
  std::uint64_t missing = 0;
  NumberDistribution numbers;  // of numbers, dates and times
  LevelDistribution levels;    // of texts and booleans

  [[nodiscard]] bool of_levels() const;
  [[nodiscard]] std::uint64_t present() const { return rows - missing; }
  [[nodiscard]] double missing_share() const;
  // Whether all values are kept one by one.
  [[nodiscard]] bool exact() const;
};

bool has_levels(ColumnType type);

void to_json(Json& json, const ColumnDistribution& column);
void from_json(const Json& json, ColumnDistribution& column);

}  // namespace millrace
