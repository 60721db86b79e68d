// What a value of a key may be, beside its type: written with designated initializers where a key is
// declared.
#pragma once

#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace millrace {

enum class TextForm {
  kAny,
  kNotEmpty,
  kName,       // letters, digits, '.', '_' and '-', beginning with a letter or digit; or empty
  kCharacter,  // one ASCII character
  kCharacterOrNone,
  kCharacterOrAuto,
};

// Texts that are too many to list.
struct TextPattern {
  std::string regex;    // ECMAScript, as JSON Schema has it
  std::string example;  // for messages
};

struct Limits {
  // Numbers, and each number of a list.
  double min = -std::numeric_limits<double>::infinity();
  double max = std::numeric_limits<double>::infinity();
  bool above_min = false;  // min itself is not allowed
  bool below_max = false;  // max itself is not allowed
  // Texts, and each text of a list or map.
  std::vector<std::string> words{};  // the only ones that are allowed; "" may be among them
  TextPattern pattern{};             // allowed beside the words
  TextForm form = TextForm::kAny;
  // The key must be in the file, and a text or list must not be empty.
  bool required = false;

  [[nodiscard]] bool allows(double number) const;
  [[nodiscard]] bool allows(std::string_view text) const;
  // ", at least 1", ", from 0 to below 1" or nothing.
  [[nodiscard]] std::string range_words() const;
  // "one of relu, gelu, tanh", "one character", "a text".
  [[nodiscard]] std::string text_words() const;
};

// The types that a column may be said to have.
inline const Limits kTypeNames{
    .words = {"boolean", "integer", "real", "date", "timestamp", "text"},
    .pattern = {R"(decimal\([0-9]{1,2}, ?[0-9]{1,2}\))", "decimal(precision,scale)"}};

}  // namespace millrace
