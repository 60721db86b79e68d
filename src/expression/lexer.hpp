// Expression text → tokens.
#pragma once

#include <string>
#include <vector>

#include "expression/source.hpp"

namespace millrace {

enum class TokenKind {
  kEnd,
  kNumber,  // text as written
  kText,    // text without quotes
  kName,    // a bare name: column, function or word of the language
  kColumn,  // a name in backticks, without them
  kSymbol,  // ( ) , == != < <= > >= + - * / %
};

struct Token {
  TokenKind kind = TokenKind::kEnd;
  std::string text;
  Span span;
};

// The last token is kEnd. Throws kUsage.
std::vector<Token> tokenize(const SourceText& source);

}  // namespace millrace
