// The records that get no score: what ingestion rejects, and rows whose numbers are too large for the model.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ingestion/block_loader.hpp"
#include "model/scorer.hpp"

namespace millrace {

struct RejectedRow {
  std::uint64_t row = 0;              // as in the scores
  std::optional<std::uint64_t> line;  // of a text file, where it was found while parsing
  std::string column;                 // "" where the whole record is meant
  std::string kind;                   // of ingestion's RejectKind, or kTooLargeKind
  std::string reason;
  std::string text;
};
inline constexpr const char* kTooLargeKind = "number_too_large";

// Those of a block, in order. `first_row`: of its first record; `unfit`: rows of the block's table.
// `counts_lines`: whether ingestion's line is one (of HDF5 tables it is the row).
std::vector<RejectedRow> rejected_rows(const LoadedBlock& block, const std::vector<Scorer::UnfitRow>& unfit,
                                       std::uint64_t first_row, bool counts_lines);

// The header line, and a record of the table: file,row,line,column,kind,reason,text.
inline constexpr const char* kRejectedHeader = "file,row,line,column,kind,reason,text\n";
void append_csv(std::string& to, const RejectedRow& rejected, const std::string& file);
// "day-03.csv line 40211, column 'age': '4o' is no integer"
std::string describe(const RejectedRow& rejected, const std::string& file);

using RejectKinds = std::map<std::string, std::uint64_t>;
std::uint64_t total_of(const RejectKinds& kinds);

}  // namespace millrace
