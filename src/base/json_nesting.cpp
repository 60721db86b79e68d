#include "base/json_nesting.hpp"

#include <array>

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

std::size_t check_json_nesting(std::string_view json, std::string_view what, Topic topic) {
  std::array<bool, 3> is_list{};  // what the first two levels are: {"rows": [{…}]} or [{…}]
  std::size_t objects = 0;
  int depth = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') at = end_of_string(json, at + 1);
    if (c == ']' || c == '}') --depth;
    if (c != '[' && c != '{') continue;
    if (c == '{' && is_level(depth) && is_list[static_cast<std::size_t>(depth)]) ++objects;
    if (++depth > kMaxJsonNesting) {
      throw Error(topic, "{} is nested deeper than {} levels at byte {}", what, kMaxJsonNesting, at + 1);
    }
    if (is_level(depth)) is_list[static_cast<std::size_t>(depth)] = c == '[';
  }
  return objects;
}

}  // namespace millrace
