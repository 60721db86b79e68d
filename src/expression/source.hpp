// An expression's text and the errors that point into it.
#pragma once

#include <cstddef>
#include <string>

#include "config/mark.hpp"

namespace millrace {

// A piece of the text, in bytes.
struct Span {
  std::size_t offset = 0;
  std::size_t length = 0;

  // From the beginning of this to the end of `other`.
  [[nodiscard]] Span to(const Span& other) const { return {offset, other.offset + other.length - offset}; }
};

// Throws kUsage with the place in the file, the line of the expression and a mark under the piece:
//   churn.yaml:7:26: there is no column 'Contrct' (did you mean 'Contract'?)
//     row_index % 5 == 4 and Contrct == 'x'
//                            ^~~~~~~
[[noreturn]] void fail_at(const SourceText& source, const Span& span, const std::string& message);

}  // namespace millrace
