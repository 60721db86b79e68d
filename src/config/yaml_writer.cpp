#include "config/yaml_writer.hpp"

#include <algorithm>
#include <cctype>
#include <vector>

#include <fmt/core.h>

#include "base/text.hpp"
#include "config/substitute.hpp"

namespace millrace {

namespace {

bool is_word_of_yaml(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
  static const std::vector<std::string> kWords{"null", "true", "false", "yes", "no", "on", "off", "y", "n"};
  return std::find(kWords.begin(), kWords.end(), text) != kWords.end();
}

// Whether every reader takes `text` without quotes for this text.
bool is_plain(const std::string& text) {
  const auto is_letter = [](char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; };
  const auto fits = [&](char c) {
    return is_letter(c) || std::isdigit(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '.' ||
           c == '/';
  };
  return !text.empty() && is_letter(text[0]) && std::all_of(text.begin(), text.end(), fits) &&
         !is_word_of_yaml(text);
}

// What JSON quotes, YAML reads.
std::string text_or_quoted(const std::string& text) {
  return is_plain(text) ? text : Json(text).dump(-1, ' ', false, Json::error_handler_t::replace);
}

// YAML looks for the colon behind a key only so far (1,024 characters), unless a question mark announces the
// key.
std::string before_colon(const std::string& key, const std::string& between) {
  constexpr std::size_t kLongestPlainKey = 1000;
  const std::string text = yaml_key(key);
  return text.size() > kLongestPlainKey ? "? " + text + between : text;
}

bool is_list_of_objects(const OrderedJson& value) {
  return value.is_array() && !value.empty() && value.front().is_object();
}

}  // namespace

std::string yaml_key(const std::string& key) {
  return text_or_quoted(key);
}

std::string yaml_inline(const OrderedJson& value) {
  if (value.is_string()) return text_or_quoted(escape_substitutions(value.get<std::string>()));
  if (!value.is_structured()) return value.dump();
  std::vector<std::string> parts;
  for (const auto& [key, item] : value.items()) {
    const std::string text = yaml_inline(item);
    parts.push_back(value.is_object() ? fmt::format("{}: {}", before_colon(key, " "), text) : text);
  }
  const std::string inside = join(parts, ", ");
  return value.is_object() ? fmt::format("{{{}}}", inside) : fmt::format("[{}]", inside);
}

std::string yaml_block(const OrderedJson& object, int indent) {
  const std::string margin(static_cast<std::size_t>(indent), ' ');
  std::string text;
  for (const auto& [key, value] : object.items()) {
    text += fmt::format("{}{}:", margin, before_colon(key, "\n" + margin));
    if (value.is_object() && !value.empty()) {
      text += fmt::format("\n{}", yaml_block(value, indent + 2));
    } else if (is_list_of_objects(value)) {
      for (const OrderedJson& item : value) text += fmt::format("\n{}  - {}", margin, yaml_inline(item));
      text += '\n';
    } else {
      text += fmt::format(" {}\n", yaml_inline(value));
    }
  }
  return text;
}

}  // namespace millrace
