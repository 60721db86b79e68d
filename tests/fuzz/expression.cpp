// An expression over a small table: refused with a usage error, or each row's value is the one that the row
// has in a table of its own.
#include "expression/expression.hpp"

#include "fuzz/harness.hpp"
#include "support/tables.hpp"
#include "table/format.hpp"

namespace millrace::fuzzing {

namespace {

constexpr std::size_t kRows = 4;
constexpr std::array<std::uint64_t, kRows> kIndices{0, 1, 7, 1ULL << 62U};

const Table& table() {
  static const Table kTable = testing_support::make_table_of(
      {{"n", ColumnType::kInteger, {"3", "", "-9223372036854775808", "9223372036854775807"}},
       {"x", ColumnType::kReal, {"0.5", "-1e308", "", "-0"}},
       {"t", ColumnType::kText, {"a", "Bé", "", "ab"}},
       {"b", ColumnType::kBoolean, {"true", "", "false", "true"}},
       {"d", ColumnType::kDate, {"2024-02-29", "9999-12-31", "", "0000-01-01"}},
       {"s",
        ColumnType::kTimestamp,
        {"2026-01-01T00:00:00Z", "", "1969-12-31T23:59:59.999999Z", "0000-01-01"}}});
  return kTable;
}

std::vector<std::string> values(const Expression& expression, const Table& rows,
                                std::span<const std::uint64_t> indices) {
  const Column column = expression.evaluate(rows, indices);
  require(column.type == expression.type() && column.size() == indices.size(), "not the column announced");
  std::vector<std::string> texts;
  for (std::size_t row = 0; row < column.size(); ++row) {
    texts.push_back(column.is_valid(row) ? fmt::format("={}", format_value(column, row)) : "missing");
  }
  return texts;
}

void check_rows(const Expression& expression) {
  const std::vector<std::string> all = values(expression, table(), kIndices);
  for (std::size_t row = 0; row < kRows; ++row) {
    std::vector<std::uint8_t> keep(kRows, 0);
    keep[row] = 1;
    const auto alone = values(expression, select_rows(table(), keep), std::span(kIndices).subspan(row, 1));
    require(alone.at(0) == all[row], "a row's value depends on others", alone[0] + " or " + all[row]);
  }
}

}  // namespace

void fuzz(const std::string& input) {
  accepts(
      [&] {
        const auto expression = Expression::compile({input, {"fuzz.yaml", 1, 1}, true}, table().schema);
        check_rows(expression);
      },
      {ExitCode::kUsage});
}

}  // namespace millrace::fuzzing
