// Where a value of the configuration was written: what an error about it points to.
#pragma once

#include <string>

namespace millrace {

struct Mark {
  std::string file;  // "--set" for a command-line override, empty for a default
  int line = 0;      // from 1
  int column = 0;    // from 1, in characters

  // "churn.yaml:7:14", or "--set data.filter", or "the default configuration".
  [[nodiscard]] std::string str() const;
};

// A text with the place it came from, for values that are looked at more closely later (expressions, column
// names).
struct SourceText {
  std::string text;
  Mark mark;
};

}  // namespace millrace
