#include "expression/lexer.hpp"

#include <array>
#include <string_view>

#include <fmt/core.h>

#include "base/text.hpp"

namespace millrace {

namespace {

// Longer ones first.
constexpr std::array<std::string_view, 14> kSymbols{"==", "!=", "<=", ">=", "(", ")", ",",
                                                    "<",  ">",  "+",  "-",  "*", "/", "%"};

struct Foreign {
  std::string_view symbol;
  const char* ours;
};
// What other languages write.
constexpr std::array<Foreign, 6> kForeign{
    {{"<>", "!="}, {"&&", "and"}, {"||", "or"}, {"=", "=="}, {"!", "not"}, {"\u2260", "!="}}};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// Letters include every character beyond ASCII.
bool begins_name(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

class Lexer {
 public:
  explicit Lexer(const SourceText& source) : source_(source), text_(source.text) {}

  std::vector<Token> tokens() {
    std::vector<Token> result;
    do {
      result.push_back(next());
    } while (result.back().kind != TokenKind::kEnd);
    return result;
  }

 private:
  Token next() {
    while (std::string_view(" \t\r\n").find(at(position_)) != std::string_view::npos) ++position_;
    const char c = at(position_);
    if (position_ == text_.size()) return {TokenKind::kEnd, "", {position_, 0}};
    if (c == '\'' || c == '"') return enclosed(TokenKind::kText, "the text");
    if (c == '`') return enclosed(TokenKind::kColumn, "the name");
    if (is_digit(c) || (c == '.' && is_digit(at(position_ + 1)))) return number();
    if (const Foreign* foreign = find_foreign()) {
      fail_at(source_, {position_, foreign->symbol.size()},
              fmt::format("'{}' is written '{}' here", foreign->symbol, foreign->ours));
    }
    return begins_name(c) ? name() : symbol();
  }

  [[nodiscard]] char at(std::size_t i) const { return i < text_.size() ? text_[i] : '\0'; }
  [[nodiscard]] std::string_view rest() const { return text_.substr(position_); }

  Token finish(TokenKind kind, std::string text, std::size_t end) {
    Token token{kind, std::move(text), {position_, end - position_}};
    position_ = end;
    return token;
  }

  // What stands between two equal marks; the mark itself is written twice inside.
  Token enclosed(TokenKind kind, const char* what) {
    const char mark = at(position_);
    std::string content;
    for (std::size_t i = position_ + 1; i < text_.size(); ++i) {
      if (text_[i] == mark && at(i + 1) != mark) return finish(kind, std::move(content), i + 1);
      if (text_[i] == mark) ++i;
      content += text_[i];
    }
    fail_at(source_, {position_, text_.size() - position_}, fmt::format("{} has no closing {}", what, mark));
  }

  Token number() {
    std::size_t end = skip_digits(position_);
    if (at(end) == '.') end = skip_digits(end + 1);
    if (at(end) == 'e' || at(end) == 'E') {
      const std::size_t exponent = end + (at(end + 1) == '+' || at(end + 1) == '-' ? 2 : 1);
      if (is_digit(at(exponent))) end = skip_digits(exponent);
    }
    if (begins_name(at(end)) || at(end) == '.') {
      fail_at(source_, {position_, end + 1 - position_},
              "this is no number; a name that begins with a digit goes into `backticks`");
    }
    return finish(TokenKind::kNumber, std::string(text_.substr(position_, end - position_)), end);
  }

  [[nodiscard]] std::size_t skip_digits(std::size_t i) const {
    while (is_digit(at(i))) ++i;
    return i;
  }

  Token name() {
    std::size_t end = position_;
    while (begins_name(at(end)) || is_digit(at(end))) ++end;
    return finish(TokenKind::kName, std::string(text_.substr(position_, end - position_)), end);
  }

  Token symbol() {
    for (const std::string_view symbol : kSymbols) {
      if (rest().starts_with(symbol)) {
        return finish(TokenKind::kSymbol, std::string(symbol), position_ + symbol.size());
      }
    }
    fail_at(
        source_, {position_, 1},
        fmt::format("unexpected character {}; a name with other characters than letters, digits and _ goes "
                    "into `backticks`",
                    millrace::quoted(rest().substr(0, 1))));
  }

  [[nodiscard]] const Foreign* find_foreign() const {
    for (const std::string_view symbol : kSymbols) {
      if (symbol.size() == 2 && rest().starts_with(symbol)) return nullptr;
    }
    for (const Foreign& foreign : kForeign) {
      if (rest().starts_with(foreign.symbol)) return &foreign;
    }
    return nullptr;
  }

  const SourceText& source_;
  std::string_view text_;
  std::size_t position_ = 0;
};

}  // namespace

std::vector<Token> tokenize(const SourceText& source) {
  return Lexer(source).tokens();
}

}  // namespace millrace
