#include "config/limits.hpp"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>

#include <fmt/core.h>

#include "base/text.hpp"

namespace millrace {

namespace {

bool is_name(std::string_view text) {
  const auto is_letter_or_digit = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; };
  const auto fits = [&](char c) { return is_letter_or_digit(c) || c == '.' || c == '_' || c == '-'; };
  return text.empty() || (is_letter_or_digit(text[0]) && std::all_of(text.begin(), text.end(), fits));
}

bool is_character(std::string_view text) {
  return text.size() == 1 && static_cast<unsigned char>(text[0]) < 0x80;
}

bool contains(const std::vector<std::string>& words, std::string_view text) {
  return std::find(words.begin(), words.end(), text) != words.end();
}

bool matches(const TextPattern& pattern, std::string_view text) {
  return !pattern.regex.empty() && std::regex_match(text.begin(), text.end(), std::regex(pattern.regex));
}

}  // namespace

bool Limits::allows(double number) const {
  const bool high_enough = above_min ? number > min : number >= min;
  const bool low_enough = below_max ? number < max : number <= max;
  return high_enough && low_enough;
}

bool Limits::allows(std::string_view text) const {
  if (required && text.empty()) return false;
  if (!words.empty()) return contains(words, text) || matches(pattern, text);
  switch (form) {
    case TextForm::kName:
      return is_name(text);
    case TextForm::kCharacterOrNone:
      return text.empty() || is_character(text);
    case TextForm::kCharacterOrAuto:
      return text == "auto" || is_character(text);
    case TextForm::kCharacter:
      return is_character(text);
    case TextForm::kNotEmpty:
      return !text.empty();
    case TextForm::kAny:
      break;
  }
  return true;
}

std::string Limits::range_words() const {
  const bool low = std::isfinite(min);
  const bool high = std::isfinite(max);
  if (low && high) {
    return fmt::format(", from {}{} to {}{}", above_min ? "above " : "", min, below_max ? "below " : "", max);
  }
  if (low) return fmt::format(", {} {}", above_min ? "above" : "at least", min);
  if (high) return fmt::format(", {} {}", below_max ? "below" : "at most", max);
  return "";
}

std::string Limits::text_words() const {
  if (!words.empty()) {
    std::vector<std::string> shown;
    std::copy_if(words.begin(), words.end(), std::back_inserter(shown),
                 [](auto& word) { return !word.empty(); });
    if (!pattern.example.empty()) shown.push_back(pattern.example);
    return "one of " + join(shown, ", ");
  }
  switch (form) {
    case TextForm::kName:
      return "a name of letters, digits, '.', '_' and '-'";
    case TextForm::kCharacter:
      return "one character";
    case TextForm::kCharacterOrNone:
      return "one character, or \"\"";
    case TextForm::kCharacterOrAuto:
      return "one character, or auto";
    case TextForm::kNotEmpty:
      return "a text that is not empty";
    case TextForm::kAny:
      break;
  }
  return required ? "a text that is not empty" : "a text";
}

}  // namespace millrace
