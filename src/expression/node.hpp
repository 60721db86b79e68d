// The typed tree that is evaluated: constants are folded when it is made.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "expression/value.hpp"

namespace millrace {

struct Rows {
  const Table& table;
  std::span<const std::uint64_t> row_indices;
};

struct Node {
  enum class Kind { kConstant, kColumn, kRowIndex, kCall };

  Kind kind = Kind::kConstant;
  ColumnType type = ColumnType::kBoolean;
  Value constant;              // kConstant
  std::string column;          // kColumn
  Kernel kernel;               // kCall
  std::vector<Node> operands;  // kCall
};

// Decimals are read as the real numbers nearest to them; all other types stay.
inline ColumnType type_in_expressions(ColumnType of_column) {
  return of_column.kind == TypeKind::kDecimal ? ColumnType::kReal : of_column;
}

Node constant_node(Value value);
// A call on constants is a constant.
Node call_node(ColumnType type, Kernel kernel, std::vector<Node> operands);

Value evaluate_node(const Node& node, const Rows& rows);

}  // namespace millrace
