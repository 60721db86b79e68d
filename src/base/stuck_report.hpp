// The words of the watchdog: what a rank says of where it is, and the one message that ends a stuck job.
#pragma once

#include <string>
#include <vector>

#include "base/position.hpp"
#include "base/position_board.hpp"

namespace millrace {

// {"rank", "host", "time", "stage", "operation", "bytes", "path", "seconds", "operations", "cpu_seconds"}:
// the operation of this process that has lasted longest; "" where it is in none.
Json position_record(int rank);

// Topic::kDeadline, and a line for each rank.
std::string stuck_report(int rank, const Position& position, double limit,
                         const std::vector<PositionBoard::Entry>& entries);

}  // namespace millrace
