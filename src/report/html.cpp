#include "report/html.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/text.hpp"

namespace millrace::html {

namespace {

std::string escape_character(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    case '>':
      return "&gt;";
    case '"':
      return "&quot;";
    case '\'':
      return "&#39;";
    default:
      break;
  }
  const auto code = static_cast<unsigned char>(c);
  const bool control = (code < 0x20 && c != '\n' && c != '\t') || code == 0x7F;
  return control ? "\xEF\xBF\xBD" : std::string(1, c);
}

// 1234567.8 → 1,234,567.8
std::string with_separators(std::string digits) {
  const std::size_t start = digits.starts_with('-') ? 1 : 0;
  const std::size_t end = std::min(digits.find('.'), digits.size());
  for (std::size_t at = end; at > start + 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string cells(const char* tag, const std::vector<std::string>& values, bool figures) {
  std::string out = "<tr>";
  for (std::size_t i = 0; i < values.size(); ++i) {
    const char* style = figures && i > 0 ? " class=\"figure\"" : "";
    out += fmt::format("<{0}{1}>{2}</{0}>", tag, style, values[i]);
  }
  return out + "</tr>\n";
}

}  // namespace

std::string escape(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) out += escape_character(c);
  return out;
}

const Json& part(const Json& json, std::initializer_list<const char*> keys) {
  static const Json kNull;
  const Json* at = &json;
  for (const char* key : keys) {
    if (!at->is_object() || !at->contains(key)) return kNull;
    at = &at->at(key);
  }
  return *at;
}

double number(const Json& json) {
  return json.is_number() ? json.get<double>() : std::numeric_limits<double>::quiet_NaN();
}

std::string text(const Json& json) {
  if (json.is_string()) return escape(json.get<std::string>());
  if (json.is_number_integer()) return with_separators(json.dump());
  if (json.is_number()) return figure(json.get<double>());
  if (json.is_null()) return "–";
  return escape(json.dump());
}

std::string figure(double value) {
  if (std::isnan(value)) return "–";
  const double size = std::abs(value);
  if (size >= 1e12 || (size > 0 && size < 1e-3)) return fmt::format("{:.3e}", value);
  return with_separators(fmt::format("{:.{}f}", value, size < 10 ? 4 : 1));
}

std::string percent(double share) {
  if (std::isnan(share)) return "–";
  return fmt::format("{:.{}f} %", 100 * share, share > 0 && share < 0.001 ? 3 : 1);
}

std::string badge(std::string_view kind, std::string_view label) {
  return fmt::format("<span class=\"badge {}\">{}</span>", kind, escape(label));
}

std::string section(std::string_view id, std::string_view title, const std::string& body) {
  if (body.empty()) return "";
  return fmt::format("<section id=\"{}\">\n<h2>{}</h2>\n{}</section>\n", id, escape(title), body);
}

std::string table(const std::vector<std::string>& head, const std::vector<std::vector<std::string>>& rows,
                  bool figures) {
  std::string out =
      "<div class=\"scroll\"><table>\n<thead>" + cells("th", head, figures) + "</thead>\n<tbody>\n";
  for (const auto& row : rows) out += cells("td", row, figures);
  return out + "</tbody></table></div>\n";
}

}  // namespace millrace::html
