// Inside packaging/: the little Markdown that a card needs.
#pragma once

#include <string>
#include <vector>

#include "base/json.hpp"

namespace millrace::markdown {

// Text from outside, in a paragraph or a cell: nothing in it is taken for Markdown or HTML; one line.
std::string plain(std::string_view text);

// Rows of cells, which are Markdown; the first row is the head. Nothing where there is only a head.
std::string table(const std::vector<std::vector<std::string>>& rows);

// A number with five digits, or all of a whole one; "" for what is none.
std::string number(const Json& value);

}  // namespace millrace::markdown
