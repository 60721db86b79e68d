// Expression text → syntax tree, by recursive descent. docs/expressions.md has the grammar.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "expression/source.hpp"

namespace millrace {

struct Syntax {
  enum class Kind {
    kInteger,
    kReal,
    kText,
    kBoolean,
    kColumn,    // text: its name
    kOperator,  // text: "or", "and", "not", "==", …, "+", "-" (one or two operands), …
    kCall,      // text: the function
    kIn,        // operands: the value, then the list
    kIsMissing,
  };

  Kind kind = Kind::kInteger;
  Span span;
  std::string text;
  std::int64_t integer = 0;  // kInteger, kBoolean
  double real = 0;
  std::vector<Syntax> operands;
  int depth = 1;  // of the tree below, so that walking it cannot exhaust the stack
};

// Throws kUsage, also where the tree would be deeper than 1000.
Syntax parse_expression(const SourceText& source);

}  // namespace millrace
