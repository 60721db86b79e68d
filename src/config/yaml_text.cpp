#include "config/yaml_text.hpp"

#include <algorithm>

#include "base/error.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

bool is_control(char c) {
  return static_cast<unsigned char>(c) < 0x20 && c != '\t' && c != '\n' && c != '\r';
}

Mark place_in(std::string_view text, std::size_t at, const Mark& origin) {
  if (origin.line == 0) return origin;
  const std::string_view before = text.substr(0, at);
  const auto start = before.rfind('\n') + 1;  // npos + 1 is 0
  const auto line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1;
  return {origin.file, line, static_cast<int>(count_characters(before.substr(start))) + 1};
}

}  // namespace

void check_characters(std::string_view text, const Mark& origin) {
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    if (length == 0 || is_control(text[at])) {
      throw Error(Topic::kInvalidYaml, "{}: {} is {}; a configuration is a text in UTF-8",
                  place_in(text, at, origin).str(), millrace::quoted(text.substr(at, 1)),
                  length == 0 ? "no UTF-8" : "a control character");
    }
    at += length;
  }
}

}  // namespace millrace
