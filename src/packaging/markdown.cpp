#include "packaging/markdown.hpp"

#include <cmath>

#include "base/text.hpp"

namespace millrace::markdown {

std::string plain(std::string_view text) {
  constexpr std::string_view kSpecial = "\\`*_[]<>#|~&";
  std::string result;
  for (const char c : text) {
    if (static_cast<unsigned char>(c) < ' ') {
      result += ' ';
      continue;
    }
    if (kSpecial.find(c) != std::string_view::npos) result += '\\';
    result += c;
  }
  return result;
}

std::string table(const std::vector<std::vector<std::string>>& rows) {
  if (rows.size() < 2) return "";
  std::string text;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    text += fmt::format("| {} |\n", join(rows[i], " | "));
    if (i == 0) text += fmt::format("|{}|\n", join(std::vector<std::string>(rows[0].size(), "---"), "|"));
  }
  return text + "\n";
}

std::string number(const Json& value) {
  if (value.is_number_integer()) return value.dump();
  if (!value.is_number()) return "";
  const double number = value.get<double>();
  const bool whole = number == std::trunc(number) && std::abs(number) < 1e15;
  return whole ? fmt::format("{:.0f}", number) : fmt::format("{:.5g}", number);
}

}  // namespace millrace::markdown
