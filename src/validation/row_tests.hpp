// Private to validation/: what is asked of single rows. A RowTestFactory is made from the configuration once
// and bound to each shard's column; texts are tested once a dictionary entry.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "table/column.hpp"

namespace millrace {

// Whether a row is unexpected.
using RowTest = std::function<bool(std::size_t row)>;
// The factory and the column must outlive the test.
using RowTestFactory = std::function<RowTest(const Column& column)>;

RowTestFactory missing_test();  // asked of all rows; those below of present rows only

using Range = std::pair<std::optional<double>, std::optional<double>>;
RowTestFactory outside_test(const Range& range);  // ends belong to the range

// Values of a column's type, from the words of the configuration: numbers are compared as numbers ("1.0" is
// the integer 1). `unreadable` gets the words that are no values of the type.
struct ValueSet {
  std::vector<std::string> texts;
  std::vector<std::int64_t> integers;
  std::vector<double> reals;
  std::vector<std::string> unreadable;
};
ValueSet value_set(ColumnType type, const std::vector<std::string>& words);
RowTestFactory not_in_set_test(ColumnType type, const std::vector<std::string>& words);

// RE2 syntax; found anywhere in the value's canonical text.
RowTestFactory not_matching_test(const std::string& regex);
// Why RE2 does not take the expression; empty where it does.
std::string regex_error(const std::string& regex);

}  // namespace millrace
