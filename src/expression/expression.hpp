// One small typed expression language over the columns of a table: splits, filters, and later derived
// columns, rules, searches. Compiled and type-checked against a schema before anything runs.
//
//   row_index % 5 == 4      Contract == 'Two year' and tenure >= 12      date < date('2026-03-01')
//   income is missing       hash(customer_id) % 10 == 0                  state in ('CA', 'NY')
//
// docs/expressions.md has the grammar, operators, functions and what missing values do.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "config/mark.hpp"
#include "table/column.hpp"

namespace millrace {

class Expression {
 public:
  // Throws kUsage with the place in the config file and a near miss for names.
  static Expression compile(const SourceText& source, const Schema& schema);

  Expression(Expression&&) noexcept;
  Expression& operator=(Expression&&) noexcept;
  ~Expression();

  [[nodiscard]] ColumnType type() const;
  [[nodiscard]] const std::vector<std::string>& columns() const;  // that it reads, without row_index
  // Throws kUsage at the expression's place unless its type is boolean.
  void require_boolean() const;

  // One value a row. row_indices: the row_index of each row of the table.
  [[nodiscard]] Column evaluate(const Table& table, std::span<const std::uint64_t> row_indices) const;
  // 1 where the (boolean) expression is true; missing counts as not true.
  [[nodiscard]] std::vector<std::uint8_t> matches(const Table& table,
                                                  std::span<const std::uint64_t> row_indices) const;

 private:
  struct Impl;
  explicit Expression(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// The hash that `hash(x)` and shares of a split use, in [0, 2^63): stable across versions and machines.
std::int64_t expression_hash(std::string_view text);
std::int64_t expression_hash(std::int64_t value);

}  // namespace millrace
