#include "expression/expression.hpp"

#include "base/error.hpp"
#include "expression/checker.hpp"

namespace millrace {

struct Expression::Impl {
  SourceText source;
  Span span;
  Node root;
  std::vector<std::string> columns;

  [[nodiscard]] Value run(const Table& table, std::span<const std::uint64_t> row_indices) const {
    return evaluate_node(root, {table, row_indices});
  }
};

namespace {

// A constant as a column of so many rows.
Column repeat(const Column& constant, std::size_t rows) {
  Column result(constant.type);
  if (!constant.integers.empty()) result.integers.assign(rows, constant.integers[0]);
  if (!constant.reals.empty()) result.reals.assign(rows, constant.reals[0]);
  if (!constant.codes.empty()) result.codes.assign(rows, constant.codes[0]);
  result.dictionary = constant.dictionary;
  result.valid.assign(rows, constant.valid[0]);
  return result;
}

}  // namespace

Expression::Expression(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Expression::Expression(Expression&&) noexcept = default;
Expression& Expression::operator=(Expression&&) noexcept = default;
Expression::~Expression() = default;

Expression Expression::compile(const SourceText& source, const Schema& schema) {
  const Syntax syntax = parse_expression(source);
  std::vector<std::string> columns;
  Node root = check_expression(source, syntax, schema, columns);
  return Expression(std::make_unique<Impl>(Impl{source, syntax.span, std::move(root), std::move(columns)}));
}

ColumnType Expression::type() const {
  return impl_->root.type;
}

const std::vector<std::string>& Expression::columns() const {
  return impl_->columns;
}

void Expression::require_boolean() const {
  if (type() == ColumnType::kBoolean) return;
  fail_at(impl_->source, impl_->span,
          fmt::format("this must be true or false for each row, but its type is {}", to_string(type())));
}

Column Expression::evaluate(const Table& table, std::span<const std::uint64_t> row_indices) const {
  const Value value = impl_->run(table, row_indices);
  return value.constant ? repeat(*value, row_indices.size()) : *value;
}

std::vector<std::uint8_t> Expression::matches(const Table& table,
                                              std::span<const std::uint64_t> row_indices) const {
  require_boolean();
  const Value value = impl_->run(table, row_indices);
  std::vector<std::uint8_t> result(row_indices.size());
  for (std::size_t row = 0; row < result.size(); ++row) {
    result[row] = value.is_valid(row) && value.integer(row) != 0 ? 1 : 0;
  }
  return result;
}

}  // namespace millrace
