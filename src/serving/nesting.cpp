#include "serving/nesting.hpp"

#include <array>

#include "base/error.hpp"

namespace millrace {

namespace {

// The first '"' from `at` on that ends a string, or the end of the text.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at;
}

bool is_level(int depth) {
  return depth == 1 || depth == 2;
}

}  // namespace

std::size_t check_nesting(std::string_view json) {
  std::array<bool, 3> is_list{};  // what the first two levels are: {"rows": [{…}]} or [{…}]
  std::size_t rows = 0;
  int depth = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') at = end_of_string(json, at + 1);
    if (c == ']' || c == '}') --depth;
    if (c != '[' && c != '{') continue;
    if (c == '{' && is_level(depth) && is_list[static_cast<std::size_t>(depth)]) ++rows;
    if (++depth > kMaxNesting) {
      throw usage_error("the request's body is nested deeper than {} levels at byte {}", kMaxNesting, at + 1);
    }
    if (is_level(depth)) is_list[static_cast<std::size_t>(depth)] = c == '[';
  }
  return rows;
}

}  // namespace millrace
