// Scores as CSV: RFC 4180, as `data export` writes it; scores are written as floats, so that they read back
// to the same bits.
#pragma once

#include <string>

#include "scoring/columns.hpp"
#include "table/column.hpp"

namespace millrace {

std::string scores_header(const ScoreColumns& columns);
// The rows of a table with these columns, without the header.
std::string scores_csv(const ScoreColumns& columns, const Table& table);

}  // namespace millrace
