#include "expression/parser.hpp"

#include <algorithm>
#include <initializer_list>

#include <fmt/core.h>

#include "base/text.hpp"
#include "expression/lexer.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

constexpr int kMaxNesting = 100;  // of parentheses and signs: recursion of the parser
constexpr int kMaxDepth = 1000;   // of the tree: chains of 'and' and '+' go deep without nesting

const std::vector<std::string>& words() {
  static const std::vector<std::string> kWords{"and", "or", "not", "in", "is", "true", "false"};
  return kWords;
}

class Parser {
 public:
  explicit Parser(const SourceText& source) : source_(source), tokens_(tokenize(source)) {}

  Syntax parse() {
    if (peek().kind == TokenKind::kEnd) fail(peek(), "the expression is empty");
    Syntax result = disjunction();
    if (peek().kind != TokenKind::kEnd) {
      fail(peek(), fmt::format("the expression should end before {}{}", millrace::quoted(peek().text),
                               suggestion(peek().text, words())));
    }
    return result;
  }

 private:
  [[nodiscard]] const Token& peek(std::size_t ahead = 0) const {
    return tokens_[std::min(position_ + ahead, tokens_.size() - 1)];
  }
  [[nodiscard]] bool sees(std::string_view text, std::size_t ahead = 0) const {
    const Token& token = peek(ahead);
    return (token.kind == TokenKind::kSymbol || token.kind == TokenKind::kName) && token.text == text;
  }
  [[nodiscard]] std::string find_any(std::initializer_list<const char*> texts) const {
    for (const char* text : texts) {
      if (sees(text)) return text;
    }
    return "";
  }
  Token take() {
    Token token = peek();
    if (token.kind != TokenKind::kEnd) ++position_;
    return token;
  }
  Token expect(const char* text) {
    if (!sees(text)) fail(peek(), fmt::format("'{}' is missing here", text));
    return take();
  }
  [[noreturn]] void fail(const Token& token, const std::string& message) const {
    fail_at(source_, token.span, message);
  }

  Syntax tree(Syntax::Kind kind, std::string text, const Span& span, std::vector<Syntax> operands) const {
    Syntax result;
    result.kind = kind;
    result.text = std::move(text);
    result.span = span;
    for (const Syntax& operand : operands) result.depth = std::max(result.depth, operand.depth + 1);
    result.operands = std::move(operands);
    if (result.depth > kMaxDepth) {
      fail_at(source_, span,
              "the expression is too long; many values of one column can be written with 'in (…)'");
    }
    return result;
  }
  Syntax binary(const std::string& symbol, Syntax left, Syntax right) const {
    const Span span = left.span.to(right.span);
    std::vector<Syntax> operands;
    operands.push_back(std::move(left));
    operands.push_back(std::move(right));
    return tree(Syntax::Kind::kOperator, symbol, span, std::move(operands));
  }

  // Counts the levels of recursion while one of them is open.
  class Level {
   public:
    Level(Parser& parser, const Token& token) : parser_(parser) {
      if (++parser.level_ > kMaxNesting) parser.fail(token, "the expression is nested too deeply");
    }
    ~Level() { --parser_.level_; }
    Level(const Level&) = delete;
    Level& operator=(const Level&) = delete;

   private:
    Parser& parser_;
  };

  Syntax disjunction() {
    const Level level(*this, peek());
    Syntax left = conjunction();
    while (sees("or")) {
      take();
      left = binary("or", std::move(left), conjunction());
    }
    return left;
  }

  Syntax conjunction() {
    Syntax left = negation();
    while (sees("and")) {
      take();
      left = binary("and", std::move(left), negation());
    }
    return left;
  }

  Syntax negation() {
    if (!sees("not")) return comparison();
    const Level level(*this, peek());
    const Token token = take();
    return negated(token.span, negation());
  }
  Syntax negated(const Span& start, Syntax operand) const {
    const Span span = start.to(operand.span);
    return tree(Syntax::Kind::kOperator, "not", span, {std::move(operand)});
  }

  Syntax comparison() {
    Syntax left = sum();
    if (sees("is")) return is_missing(std::move(left));
    if (sees("in") || (sees("not") && sees("in", 1))) return membership(std::move(left));
    const auto symbols = {"==", "!=", "<=", ">=", "<", ">"};
    const std::string symbol = find_any(symbols);
    if (symbol.empty()) return left;
    take();
    Syntax result = binary(symbol, std::move(left), sum());
    if (!find_any(symbols).empty()) fail(peek(), "comparisons do not chain: write 'a < b and b < c'");
    return result;
  }

  Syntax is_missing(Syntax operand) {
    take();
    const bool negative = sees("not");
    if (negative) take();
    const Token last = expect("missing");
    const Span span = operand.span.to(last.span);
    Syntax result = tree(Syntax::Kind::kIsMissing, "is missing", span, {std::move(operand)});
    return negative ? negated({span.offset, 0}, std::move(result)) : result;
  }

  Syntax membership(Syntax operand) {
    const bool negative = take().text == "not";
    if (negative) take();
    expect("(");
    const Span start = operand.span;
    std::vector<Syntax> operands;
    operands.push_back(std::move(operand));
    const Token last = arguments(operands);
    Syntax result = tree(Syntax::Kind::kIn, "in", start.to(last.span), std::move(operands));
    return negative ? negated({start.offset, 0}, std::move(result)) : result;
  }

  // a, b, c) → the closing parenthesis
  Token arguments(std::vector<Syntax>& operands) {
    if (!sees(")")) operands.push_back(disjunction());
    while (sees(",")) {
      take();
      operands.push_back(disjunction());
    }
    if (!sees(")")) fail(peek(), "',' or ')' is missing here");
    return take();
  }

  Syntax sum() {
    Syntax left = product();
    for (std::string symbol = find_any({"+", "-"}); !symbol.empty(); symbol = find_any({"+", "-"})) {
      take();
      left = binary(symbol, std::move(left), product());
    }
    return left;
  }

  Syntax product() {
    Syntax left = sign();
    for (std::string symbol = find_any({"*", "/", "%"}); !symbol.empty();
         symbol = find_any({"*", "/", "%"})) {
      take();
      left = binary(symbol, std::move(left), sign());
    }
    return left;
  }

  Syntax sign() {
    if (!sees("-")) return primary();
    const Level level(*this, peek());
    const Token minus = take();
    // Together, or -9223372036854775808 could not be written.
    if (peek().kind == TokenKind::kNumber) return number(minus.span, "-");
    Syntax operand = sign();
    const Span span = minus.span.to(operand.span);
    return tree(Syntax::Kind::kOperator, "-", span, {std::move(operand)});
  }

  Syntax primary() {
    const Token token = peek();
    if (token.kind == TokenKind::kNumber) return number(token.span, "");
    if (sees("(")) return parenthesized();
    if (token.kind == TokenKind::kText || token.kind == TokenKind::kColumn) {
      take();
      const auto kind = token.kind == TokenKind::kText ? Syntax::Kind::kText : Syntax::Kind::kColumn;
      return tree(kind, token.text, token.span, {});
    }
    if (token.kind == TokenKind::kName) return name();
    if (token.kind == TokenKind::kEnd) fail(token, "the expression ends where a value should follow");
    fail(token, fmt::format("a value should stand here, not '{}'", token.text));
  }

  Syntax parenthesized() {
    const Token open = take();
    Syntax inside = disjunction();
    if (!sees(")")) fail(peek(), "')' is missing here");
    inside.span = open.span.to(take().span);
    return inside;
  }

  Syntax name() {
    const Token token = take();
    if (token.text == "true" || token.text == "false") {
      Syntax result = tree(Syntax::Kind::kBoolean, token.text, token.span, {});
      result.integer = token.text == "true" ? 1 : 0;
      return result;
    }
    if (std::find(words().begin(), words().end(), token.text) != words().end()) {
      fail(token,
           fmt::format("a value should stand here, not '{}'; a column of that name goes into `backticks`",
                       token.text));
    }
    if (!sees("(")) return tree(Syntax::Kind::kColumn, token.text, token.span, {});
    take();
    std::vector<Syntax> operands;
    const Token last = arguments(operands);
    return tree(Syntax::Kind::kCall, token.text, token.span.to(last.span), std::move(operands));
  }

  Syntax number(const Span& start, const std::string& sign_text) {
    const Token token = take();
    const std::string digits = sign_text + token.text;
    Syntax result = tree(Syntax::Kind::kReal, digits, start.to(token.span), {});
    if (token.text.find_first_of(".eE") == std::string::npos) {
      result.kind = Syntax::Kind::kInteger;
      if (parse_integer(digits, result.integer)) return result;
    } else if (parse_real(digits, result.real)) {
      return result;
    }
    fail_at(source_, result.span, "this number is out of range");
  }

  const SourceText& source_;
  std::vector<Token> tokens_;
  std::size_t position_ = 0;
  int level_ = 0;
};

}  // namespace

Syntax parse_expression(const SourceText& source) {
  return Parser(source).parse();
}

}  // namespace millrace
