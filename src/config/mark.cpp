#include "config/mark.hpp"

#include <algorithm>

#include <fmt/core.h>

namespace millrace {

std::string Mark::str() const {
  if (file.empty()) return "the default configuration";
  return line == 0 ? file : fmt::format("{}:{}:{}", file, line, column);
}

Mark SourceText::at(std::size_t offset) const {
  if (!verbatim) return mark;
  Mark place = mark;
  place.column += static_cast<int>(count_characters(std::string_view(text).substr(0, offset)));
  return place;
}

std::size_t count_characters(std::string_view bytes) {
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(bytes.begin(), bytes.end(), starts_character));
}

}  // namespace millrace
