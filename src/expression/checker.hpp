// Syntax tree and schema → typed tree. Every error of names and types is found here, before anything runs.
#pragma once

#include <string>
#include <vector>

#include "expression/node.hpp"
#include "expression/parser.hpp"

namespace millrace {

// The name under which each row's number in its data set can be read.
inline constexpr const char* kRowIndex = "row_index";

// Appends the columns that the expression reads to `columns`, each once. Throws kUsage.
Node check_expression(const SourceText& source, const Syntax& syntax, const Schema& schema,
                      std::vector<std::string>& columns);

}  // namespace millrace
