#pragma once

#include <vector>

#include "table/schema.hpp"

namespace millrace {

inline const std::vector<ColumnType> kParsedTypes{ColumnType::kBoolean,   ColumnType::kInteger,
                                                  ColumnType::kReal,      ColumnType::kDate,
                                                  ColumnType::kTimestamp, ColumnType::decimal(5, 2)};

inline std::vector<ColumnType> every_type() {
  std::vector<ColumnType> types = kParsedTypes;
  types.push_back(ColumnType::kText);
  return types;
}

}  // namespace millrace
