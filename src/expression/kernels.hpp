// The operations of the language on whole columns. A missing operand makes a missing result unless said
// otherwise; the checker has made sure of the operands' types.
#pragma once

#include <string>
#include <vector>

#include "expression/value.hpp"

namespace millrace {

// "+", "-", "*", "%" of two integers are integers; with a real, and for "/", real. Missing: division by zero,
// and what leaves the range of the type. "%" is never negative.
Kernel arithmetic(const std::string& symbol);
Value negate(Operands operands);

// "==", "!=", "<", "<=", ">", ">=" of two numbers or of two values of one type. Texts by their bytes.
Kernel comparison(const std::string& symbol);
// Whether the operand is one of `list`: constants that are present.
Kernel membership(const std::vector<Value>& list);

// Three-valued: false and missing is false, true or missing is true.
Value logical_and(Operands operands);
Value logical_or(Operands operands);
Value logical_not(Operands operands);
Value is_missing(Operands operands);  // never missing

Value date_to_timestamp(Operands operands);  // midnight, UTC
Value timestamp_to_date(Operands operands);
Value unchanged(Operands operands);

// Functions of the language, by their names there.
Value hash_of(Operands operands);
Value lower_of(Operands operands);
Value upper_of(Operands operands);
Value length_of(Operands operands);
Value contains(Operands operands);
Value starts_with(Operands operands);
Value ends_with(Operands operands);
Value abs_of(Operands operands);
Value log_of(Operands operands);
Value exp_of(Operands operands);
Value sqrt_of(Operands operands);
Value min_of(Operands operands);
Value max_of(Operands operands);
Value year_of(Operands operands);
Value month_of(Operands operands);
Value day_of(Operands operands);

}  // namespace millrace
