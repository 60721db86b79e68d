#include "scoring/rejected.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "table/format.hpp"

namespace millrace {

namespace {

// The numbers of the records that did not become rows.
std::vector<std::uint64_t> missing_records(const LoadedBlock& block) {
  std::vector<std::uint64_t> missing;
  std::uint64_t next = 0;
  for (const std::uint64_t record : block.records) {
    while (next < record) missing.push_back(next++);
    ++next;
  }
  while (next < block.record_count) missing.push_back(next++);
  return missing;
}

RejectedRow too_large(const LoadedBlock& block, const Scorer::UnfitRow& unfit, std::uint64_t first_row) {
  return {first_row + block.records[unfit.row],
          {},
          unfit.column,
          kTooLargeKind,
          "the number is too large for the model",
          format_value(block.table[unfit.column], unfit.row)};
}

}  // namespace

std::vector<RejectedRow> rejected_rows(const LoadedBlock& block, const std::vector<Scorer::UnfitRow>& unfit,
                                       std::uint64_t first_row, bool counts_lines) {
  std::vector<RejectedRow> rejected;
  if (block.rejects.empty() && unfit.empty()) return rejected;
  const std::vector<std::uint64_t> missing = missing_records(block);
  for (std::size_t i = 0; i < block.rejects.size(); ++i) {
    const Reject& reject = block.rejects[i];
    const auto line = counts_lines ? std::optional(reject.line) : std::nullopt;
    rejected.push_back(
        {first_row + missing.at(i), line, reject.column, to_string(reject.kind), reject.reason, reject.text});
  }
  for (const Scorer::UnfitRow& row : unfit) rejected.push_back(too_large(block, row, first_row));
  std::ranges::sort(rejected, {}, &RejectedRow::row);
  return rejected;
}

void append_csv(std::string& to, const RejectedRow& rejected, const std::string& file) {
  to += fmt::format("{},{},{},{},{},{},{}\n", csv_quoted(file), rejected.row,
                    rejected.line ? std::to_string(*rejected.line) : "", csv_quoted(rejected.column),
                    rejected.kind, csv_quoted(rejected.reason), csv_quoted(rejected.text));
}

std::string describe(const RejectedRow& rejected, const std::string& file) {
  const std::string place =
      rejected.line ? fmt::format("line {}", *rejected.line) : fmt::format("row {}", rejected.row);
  return fmt::format("{} {}{}: {}", file, place,
                     rejected.column.empty() ? "" : ", column " + millrace::quoted(rejected.column),
                     rejected.reason);
}

std::uint64_t total_of(const RejectKinds& kinds) {
  std::uint64_t total = 0;
  for (const auto& [kind, count] : kinds) total += count;
  return total;
}

}  // namespace millrace
