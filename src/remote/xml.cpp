#include "remote/xml.hpp"

#include <array>
#include <utility>

#include <fmt/core.h>

namespace millrace::remote {

namespace {

// The five entities that XML has of its own.
std::string unescape(std::string_view text) {
  static constexpr std::array<std::pair<std::string_view, char>, 5> kEntities{
      {{"&lt;", '<'}, {"&gt;", '>'}, {"&amp;", '&'}, {"&quot;", '"'}, {"&apos;", '\''}}};
  std::string plain;
  while (!text.empty()) {
    std::size_t used = 1;
    char c = text[0];
    for (const auto& [entity, meaning] : kEntities) {
      if (!text.starts_with(entity)) continue;
      used = entity.size();
      c = meaning;
    }
    if (text.starts_with("&#34;")) {  // how some servers write the quotes of an ETag
      used = 5;
      c = '"';
    }
    plain += c;
    text.remove_prefix(used);
  }
  return plain;
}

}  // namespace

std::vector<std::string_view> xml_elements(std::string_view xml, std::string_view name) {
  const std::string open = fmt::format("<{}>", name);
  const std::string close = fmt::format("</{}>", name);
  std::vector<std::string_view> elements;
  for (std::size_t at = xml.find(open); at != std::string_view::npos; at = xml.find(open, at)) {
    at += open.size();
    const std::size_t end = xml.find(close, at);
    if (end == std::string_view::npos) break;
    elements.push_back(xml.substr(at, end - at));
    at = end + close.size();
  }
  return elements;
}

std::string xml_text(std::string_view xml, std::string_view name) {
  const auto elements = xml_elements(xml, name);
  return elements.empty() ? "" : unescape(elements[0]);
}

}  // namespace millrace::remote
