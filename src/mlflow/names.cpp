#include "mlflow/names.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/digest.hpp"
#include "base/text.hpp"

namespace millrace::mlflow {

namespace {

constexpr std::string_view kEllipsis = "…";

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-. ").find(c) != std::string_view::npos;
}

// Where it is safe to cut, at `size` or before: not within a character.
std::size_t border_before(std::string_view text, std::size_t size) {
  while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) --size;
  return size;
}

}  // namespace

std::string fitting_name(const std::string& name) {
  // MLflow takes names for paths: "" and those of dots alone are none.
  const bool is_path = name.find_first_not_of('.') != std::string::npos;
  if (is_path && name.size() <= kNameLimit && std::ranges::all_of(name, is_plain)) return name;
  constexpr std::size_t kDigits = 8;
  std::string fitting = name.substr(0, kNameLimit - kDigits - 1);
  for (char& c : fitting) c = is_plain(c) ? c : '_';
  return fmt::format("{}_{}", fitting, digest_of(name).hex().substr(0, kDigits));
}

std::string fitting_value(const std::string& text, std::size_t limit) {
  if (text.size() <= limit) return text;
  const std::string_view kept =
      std::string_view(text).substr(0, border_before(text, limit - kEllipsis.size()));
  return fmt::format("{}{}", kept, kEllipsis);
}

}  // namespace millrace::mlflow
