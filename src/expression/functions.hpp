// The functions of the language: names, what they take and what they give.
#pragma once

#include <string>
#include <vector>

#include "expression/value.hpp"

namespace millrace {

enum class Takes {
  kAny,
  kNumber,  // integer or real
  kText,
  kMoment,   // date or timestamp
  kWritten,  // a date or timestamp column, or one written as a text, which is checked before anything runs
};

enum class Gives {
  kBoolean,
  kInteger,
  kReal,
  kText,
  kDate,
  kTimestamp,
  kNumber,  // integer where all operands are, else real
};

struct Function {
  std::string name;
  std::vector<Takes> takes;
  Gives gives;
  Value (*kernel)(Operands);
};

const std::vector<Function>& functions();
// Null where there is none of that name.
const Function* find_function(const std::string& name);

bool accepts(Takes takes, ColumnType type);
const char* words_of(Takes takes);
ColumnType result_type(Gives gives, const std::vector<ColumnType>& operands);

}  // namespace millrace
