#include "base/json_nesting.hpp"

namespace millrace {

namespace {

// The first '"' from `at` on that ends a string, or the end of the text.
std::size_t end_of_string(std::string_view json, std::size_t at) {
  while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
  return at;
}

}  // namespace

void check_json_nesting(std::string_view json, std::string_view what, ExitCode code) {
  int depth = 0;
  for (std::size_t at = 0; at < json.size(); ++at) {
    const char c = json[at];
    if (c == '"') at = end_of_string(json, at + 1);
    if (c == ']' || c == '}') --depth;
    if ((c == '[' || c == '{') && ++depth > kMaxJsonNesting) {
      throw Error(
          code, fmt::format("{} is nested deeper than {} levels at byte {}", what, kMaxJsonNesting, at + 1));
    }
  }
}

}  // namespace millrace
