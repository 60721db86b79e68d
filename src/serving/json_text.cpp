#include "serving/json_text.hpp"

#include <array>
#include <charconv>

#include <fmt/core.h>

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

}  // namespace millrace
