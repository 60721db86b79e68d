// Private to validation/: one column's values today beside those of the last accepted data, from the two
// profiles alone.
#pragma once

#include <string>
#include <vector>

#include "ingestion/dataset.hpp"
#include "validation/verdict.hpp"

namespace millrace {

// missing_change, constant, unseen, shift: those that make sense of the columns' types. Dates and timestamps
// go on from day to day, and so do integers that were all distinct: of these only the first two.
std::vector<CheckResult> column_changes(const ReferenceRules& rules, const std::string& column,
                                        const ColumnProfile& before, const ColumnProfile& now);

}  // namespace millrace
