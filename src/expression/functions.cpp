#include "expression/functions.hpp"

#include <algorithm>

#include "expression/kernels.hpp"

namespace millrace {

namespace {

Value date_of(Operands operands) {
  return operands[0]->type == ColumnType::kDate ? operands[0] : timestamp_to_date(operands);
}

Value timestamp_of(Operands operands) {
  return operands[0]->type == ColumnType::kTimestamp ? operands[0] : date_to_timestamp(operands);
}

}  // namespace

const std::vector<Function>& functions() {
  static const std::vector<Function> kFunctions{
      {"hash", {Takes::kAny}, Gives::kInteger, hash_of},
      {"lower", {Takes::kText}, Gives::kText, lower_of},
      {"upper", {Takes::kText}, Gives::kText, upper_of},
      {"length", {Takes::kText}, Gives::kInteger, length_of},
      {"contains", {Takes::kText, Takes::kText}, Gives::kBoolean, contains},
      {"starts_with", {Takes::kText, Takes::kText}, Gives::kBoolean, starts_with},
      {"ends_with", {Takes::kText, Takes::kText}, Gives::kBoolean, ends_with},
      {"abs", {Takes::kNumber}, Gives::kNumber, abs_of},
      {"log", {Takes::kNumber}, Gives::kReal, log_of},
      {"exp", {Takes::kNumber}, Gives::kReal, exp_of},
      {"sqrt", {Takes::kNumber}, Gives::kReal, sqrt_of},
      {"min", {Takes::kNumber, Takes::kNumber}, Gives::kNumber, min_of},
      {"max", {Takes::kNumber, Takes::kNumber}, Gives::kNumber, max_of},
      {"year", {Takes::kMoment}, Gives::kInteger, year_of},
      {"month", {Takes::kMoment}, Gives::kInteger, month_of},
      {"day", {Takes::kMoment}, Gives::kInteger, day_of},
      {"date", {Takes::kWritten}, Gives::kDate, date_of},
      {"timestamp", {Takes::kWritten}, Gives::kTimestamp, timestamp_of},
  };
  return kFunctions;
}

const Function* find_function(const std::string& name) {
  const auto found = std::find_if(functions().begin(), functions().end(),
                                  [&](const Function& function) { return function.name == name; });
  return found == functions().end() ? nullptr : &*found;
}

bool accepts(Takes takes, ColumnType type) {
  switch (takes) {
    case Takes::kAny:
      return true;
    case Takes::kNumber:
      return is_number(type);
    case Takes::kText:
      return type == ColumnType::kText;
    case Takes::kMoment:
    case Takes::kWritten:
      break;
  }
  return is_moment(type);
}

const char* words_of(Takes takes) {
  switch (takes) {
    case Takes::kAny:
      return "any value";
    case Takes::kNumber:
      return "a number";
    case Takes::kText:
      return "a text";
    case Takes::kMoment:
      return "a date or timestamp";
    case Takes::kWritten:
      break;
  }
  return "a date or timestamp, or one written as a text in quotes";
}

ColumnType result_type(Gives gives, const std::vector<ColumnType>& operands) {
  switch (gives) {
    case Gives::kBoolean:
      return ColumnType::kBoolean;
    case Gives::kInteger:
      return ColumnType::kInteger;
    case Gives::kReal:
      return ColumnType::kReal;
    case Gives::kText:
      return ColumnType::kText;
    case Gives::kDate:
      return ColumnType::kDate;
    case Gives::kTimestamp:
      return ColumnType::kTimestamp;
    case Gives::kNumber:
      break;
  }
  const auto is_integer = [](ColumnType type) { return type == ColumnType::kInteger; };
  return std::all_of(operands.begin(), operands.end(), is_integer) ? ColumnType::kInteger : ColumnType::kReal;
}

}  // namespace millrace
