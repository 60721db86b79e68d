// Where a value of the configuration was written: what an error about it points to.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace millrace {

struct Mark {
  std::string file;  // "--set data.filter" for a command-line override, empty for a default
  int line = 0;      // from 1; 0: no line is known
  int column = 0;    // from 1, in characters

  // "churn.yaml:7:14", or "--set data.filter", or "the default configuration".
  [[nodiscard]] std::string str() const;
};

// A text with the place it came from, for values that are looked at more closely later (expressions, column
// names).
struct SourceText {
  std::string text;
  Mark mark;
  bool verbatim = false;  // stands at the mark letter for letter, so that places inside the text are known

  // The place of the byte `offset` of the text where it is known, else the place of the text.
  [[nodiscard]] Mark at(std::size_t offset) const;
};

// Characters (code points) of UTF-8 bytes: what columns of marks count.
std::size_t count_characters(std::string_view bytes);

}  // namespace millrace
