#include "expression/node.hpp"

#include <algorithm>

#include "base/error.hpp"

namespace millrace {

namespace {

Value reals_of(const Column& decimals) {
  Column reals(ColumnType::kReal);
  reals.valid = decimals.valid;
  reals.reals.reserve(decimals.size());
  for (std::size_t row = 0; row < decimals.size(); ++row) reals.reals.push_back(decimals.number(row));
  return own(std::move(reals));
}

Value column_value(const Node& node, const Rows& rows) {
  const Column& column = rows.table[node.column];
  if (type_in_expressions(column.type) != node.type || column.size() != rows.row_indices.size()) {
    throw internal_error("column '{}' is {} with {} rows, but the expression needs {} with {}", node.column,
                         to_string(column.type), column.size(), to_string(node.type),
                         rows.row_indices.size());
  }
  if (column.type != node.type) return reals_of(column);
  return {std::shared_ptr<const Column>(std::shared_ptr<void>(), &column), false};
}

Value row_index_column(const Rows& rows) {
  Column column(ColumnType::kInteger);
  column.integers.assign(rows.row_indices.begin(), rows.row_indices.end());
  column.valid.assign(rows.row_indices.size(), 1);
  return own(std::move(column));
}

}  // namespace

Node constant_node(Value value) {
  Node node;
  node.type = value->type;
  node.constant = std::move(value);
  return node;
}

Node call_node(ColumnType type, Kernel kernel, std::vector<Node> operands) {
  Node node;
  node.kind = Node::Kind::kCall;
  node.type = type;
  node.kernel = std::move(kernel);
  node.operands = std::move(operands);
  const bool constant = std::all_of(node.operands.begin(), node.operands.end(), [](const Node& operand) {
    return operand.kind == Node::Kind::kConstant;
  });
  return constant ? constant_node(evaluate_node(node, {Table{}, {}})) : node;
}

Value evaluate_node(const Node& node, const Rows& rows) {
  switch (node.kind) {
    case Node::Kind::kConstant:
      return node.constant;
    case Node::Kind::kColumn:
      return column_value(node, rows);
    case Node::Kind::kRowIndex:
      return row_index_column(rows);
    case Node::Kind::kCall:
      break;
  }
  std::vector<Value> values;
  values.reserve(node.operands.size());
  for (const Node& operand : node.operands) values.push_back(evaluate_node(operand, rows));
  return node.kernel(values);
}

}  // namespace millrace
