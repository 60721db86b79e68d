#include "expression/source.hpp"

#include <algorithm>
#include <string_view>

#include "base/error.hpp"
#include "base/topics.hpp"

namespace millrace {

namespace {

constexpr std::size_t kMaxShown = 60;  // bytes on each side of the place

bool is_inside_character(std::string_view text, std::size_t offset) {
  return offset < text.size() && (static_cast<unsigned char>(text[offset]) & 0xc0U) == 0x80U;
}

std::string printable(std::string_view text) {
  std::string result(text);
  std::replace_if(
      result.begin(), result.end(), [](char c) { return c == '\t' || c == '\r'; }, ' ');
  return result;
}

}  // namespace

void fail_at(const SourceText& source, const Span& span, const std::string& message) {
  const std::string_view text = source.text;
  const std::size_t offset = std::min(span.offset, text.size());
  const std::size_t line_begin = offset == 0 ? 0 : text.rfind('\n', offset - 1) + 1;  // npos + 1 is 0
  const std::size_t line_end = std::min(text.find('\n', offset), text.size());
  std::size_t begin = std::max(line_begin, offset - std::min(offset, kMaxShown));
  std::size_t end = std::min(line_end, offset + kMaxShown);
  while (is_inside_character(text, begin)) ++begin;
  while (is_inside_character(text, end)) ++end;
  const std::string before = (begin > line_begin ? "…" : "") + printable(text.substr(begin, offset - begin));
  const std::string after = printable(text.substr(offset, end - offset)) + (end < line_end ? "…" : "");
  const std::size_t marked = count_characters(text.substr(offset, std::min(span.length, end - offset)));
  throw Error(Topic::kExpression, "{}: {}\n  {}{}\n  {}^{}", source.at(offset).str(), message, before, after,
              std::string(count_characters(before), ' '), std::string(marked > 1 ? marked - 1 : 0, '~'));
}

}  // namespace millrace
