#include "serving/protocol/json_text.hpp"

#include <array>
#include <charconv>

#include <fmt/core.h>

#include "table/format.hpp"

namespace millrace {

namespace {

template <class T>
void append_number(std::string& out, T value) {
  std::array<char, 32> digits;  // NOLINT(*-member-init): filled by to_chars
  const auto result = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), result.ptr);
}

}  // namespace

void append_json_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      out += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
    } else {
      out += c;
    }
  }
  out += '"';
}

void append_json_number(std::string& out, float value) {
  append_number(out, value);
}
void append_json_number(std::string& out, std::uint64_t value) {
  append_number(out, value);
}

void append_json_value(std::string& out, const Column& column, std::size_t row) {
  switch (column.type.kind) {
    case TypeKind::kBoolean:
      out += column.integers[row] != 0 ? "true" : "false";
      return;
    case TypeKind::kText:
      return append_json_string(out, column.text(row));
    case TypeKind::kInteger:
    case TypeKind::kReal:
    case TypeKind::kDecimal:
      out += format_value(column, row);
      return;
    default:
      append_json_string(out, format_value(column, row));
  }
}

}  // namespace millrace
