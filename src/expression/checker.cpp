#include "expression/checker.hpp"

#include <algorithm>

#include <fmt/core.h>

#include "base/text.hpp"
#include "expression/functions.hpp"
#include "expression/kernels.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

bool is_number(const Node& node) {
  return accepts(Takes::kNumber, node.type);
}
bool is_moment(const Node& node) {
  return accepts(Takes::kMoment, node.type);
}

template <class... Nodes>
std::vector<Node> nodes_of(Nodes... nodes) {
  std::vector<Node> result;
  (result.push_back(std::move(nodes)), ...);
  return result;
}

class Checker {
 public:
  Checker(const SourceText& source, const Schema& schema, std::vector<std::string>& columns)
      : source_(source), schema_(schema), columns_(columns) {}

  Node check(const Syntax& syntax) {
    switch (syntax.kind) {
      case Syntax::Kind::kInteger:
        return constant_node(constant_integer(ColumnType::kInteger, syntax.integer));
      case Syntax::Kind::kBoolean:
        return constant_node(constant_integer(ColumnType::kBoolean, syntax.integer));
      case Syntax::Kind::kReal:
        return constant_node(constant_real(syntax.real));
      case Syntax::Kind::kText:
        return constant_node(constant_text(syntax.text));
      case Syntax::Kind::kColumn:
        return column(syntax);
      case Syntax::Kind::kCall:
        return call(syntax);
      case Syntax::Kind::kIn:
        return in_list(syntax);
      case Syntax::Kind::kIsMissing:
        return call_node(ColumnType::kBoolean, is_missing, nodes_of(check(syntax.operands[0])));
      case Syntax::Kind::kOperator:
        break;
    }
    return syntax.operands.size() == 1 ? unary(syntax) : binary(syntax);
  }

 private:
  [[noreturn]] void fail(const Span& span, const std::string& message) const {
    fail_at(source_, span, message);
  }

  // "'tenure' (integer)"
  [[nodiscard]] std::string shown(const Syntax& syntax, const Node& node) const {
    const std::string_view text =
        std::string_view(source_.text).substr(syntax.span.offset, syntax.span.length);
    return fmt::format("{} ({})", millrace::quoted(text, 40), to_string(node.type));
  }

  Node column(const Syntax& syntax) {
    if (syntax.text == kRowIndex) return row_index(syntax);
    if (!schema_.contains(syntax.text)) fail(syntax.span, unknown_column(syntax.text));
    if (std::find(columns_.begin(), columns_.end(), syntax.text) == columns_.end())
      columns_.push_back(syntax.text);
    Node node;
    node.kind = Node::Kind::kColumn;
    node.type = type_in_expressions(schema_[schema_.index_of(syntax.text)].type);
    node.column = syntax.text;
    return node;
  }

  Node row_index(const Syntax& syntax) {
    if (schema_.contains(kRowIndex)) {
      fail(syntax.span,
           "row_index is reserved for the number of the row, but the data has a column of that name: "
           "rename that column");
    }
    Node node;
    node.kind = Node::Kind::kRowIndex;
    node.type = ColumnType::kInteger;
    return node;
  }

  [[nodiscard]] std::string unknown_column(const std::string& name) const {
    std::vector<std::string> names = schema_.names();
    names.emplace_back(kRowIndex);
    const std::string near = suggestion(name, names);
    return fmt::format("there is no column '{}'{}", name,
                       near.empty() ? "; a text goes into 'quotes'" : near);
  }

  Node call(const Syntax& syntax) {
    const Function* function = find_function(syntax.text);
    if (function == nullptr) {
      std::vector<std::string> names;
      for (const Function& each : functions()) names.push_back(each.name);
      const std::string near = suggestion(syntax.text, names);
      fail({syntax.span.offset, syntax.text.size()},
           fmt::format("there is no function '{}'{}", syntax.text,
                       near.empty() ? "; there are " + join(names, ", ") : near));
    }
    if (syntax.operands.size() != function->takes.size()) {
      fail(syntax.span, fmt::format("{} takes {} value{}, not {}", function->name, function->takes.size(),
                                    function->takes.size() == 1 ? "" : "s", syntax.operands.size()));
    }
    std::vector<Node> operands;
    std::vector<ColumnType> types;
    for (std::size_t i = 0; i < syntax.operands.size(); ++i) {
      operands.push_back(argument(*function, i, syntax.operands[i]));
      types.push_back(operands.back().type);
    }
    return call_node(result_type(function->gives, types), function->kernel, std::move(operands));
  }

  Node argument(const Function& function, std::size_t i, const Syntax& syntax) {
    Node node = check(syntax);
    const Takes takes = function.takes[i];
    if (takes == Takes::kWritten && syntax.kind == Syntax::Kind::kText) {
      return moment(syntax, result_type(function.gives, {}));
    }
    if (!accepts(takes, node.type)) {
      fail(syntax.span,
           fmt::format("{} takes {}, not {}", function.name, words_of(takes), shown(syntax, node)));
    }
    return node;
  }

  // A text literal as the date or timestamp that it stands for.
  [[nodiscard]] Node moment(const Syntax& literal, ColumnType type) const {
    std::int64_t value = 0;
    const bool parsed =
        type == ColumnType::kDate ? parse_date(literal.text, value) : parse_timestamp(literal.text, value);
    if (!parsed) fail(literal.span, parse_failure(literal.text, type));
    return constant_node(constant_integer(type, value));
  }

  Node unary(const Syntax& syntax) {
    const Syntax& operand = syntax.operands[0];
    Node node = check(operand);
    const ColumnType type = node.type;
    if (syntax.text == "not") {
      require(operand, node, type == ColumnType::kBoolean, "'not' takes a truth value");
      return call_node(ColumnType::kBoolean, logical_not, nodes_of(std::move(node)));
    }
    require(operand, node, is_number(node), "'-' takes a number");
    return call_node(type, negate, nodes_of(std::move(node)));
  }

  void require(const Syntax& syntax, const Node& node, bool fulfilled, const std::string& wanted) const {
    if (!fulfilled) fail(syntax.span, fmt::format("{}, not {}", wanted, shown(syntax, node)));
  }

  Node binary(const Syntax& syntax) {
    const std::string& symbol = syntax.text;
    const Syntax& left = syntax.operands[0];
    const Syntax& right = syntax.operands[1];
    Node a = check(left);
    Node b = check(right);
    if (symbol == "and" || symbol == "or") {
      const std::string wanted = fmt::format("'{}' takes truth values", symbol);
      require(left, a, a.type == ColumnType::kBoolean, wanted);
      require(right, b, b.type == ColumnType::kBoolean, wanted);
      return call_node(ColumnType::kBoolean, symbol == "and" ? logical_and : logical_or,
                       nodes_of(std::move(a), std::move(b)));
    }
    if (std::string_view("+-*/%").find(symbol) == std::string_view::npos) return compare(syntax, a, b);
    return compute(syntax, std::move(a), std::move(b));
  }

  Node compute(const Syntax& syntax, Node a, Node b) {
    const bool modulo = syntax.text == "%";
    const auto fits = [&](const Node& node) {
      return modulo ? node.type == ColumnType::kInteger : is_number(node);
    };
    const std::string wanted = fmt::format("'{}' takes {}", syntax.text, modulo ? "integers" : "numbers");
    require(syntax.operands[0], a, fits(a), wanted);
    require(syntax.operands[1], b, fits(b), wanted);
    const Gives gives = syntax.text == "/" ? Gives::kReal : Gives::kNumber;
    const ColumnType type = result_type(gives, {a.type, b.type});
    return call_node(type, arithmetic(syntax.text), nodes_of(std::move(a), std::move(b)));
  }

  Node compare(const Syntax& syntax, Node& a, Node& b) {
    make_comparable(syntax.operands[0], a, syntax.operands[1], b);
    const bool ordered = a.type != ColumnType::kBoolean;
    if (!ordered && syntax.text != "==" && syntax.text != "!=") {
      fail(syntax.span,
           fmt::format("truth values have no order, so '{}' says nothing about them", syntax.text));
    }
    return call_node(ColumnType::kBoolean, comparison(syntax.text), nodes_of(std::move(a), std::move(b)));
  }

  // Converts one of the two to the type of the other where that is meant.
  void make_comparable(const Syntax& left, Node& a, const Syntax& right, Node& b) const {
    if (is_moment(a) && right.kind == Syntax::Kind::kText) b = written_like(right, a);
    if (is_moment(b) && left.kind == Syntax::Kind::kText) a = written_like(left, b);
    if (a.type == b.type || (is_number(a) && is_number(b))) return;
    if (!is_moment(a) || !is_moment(b)) fail(left.span.to(right.span), not_comparable(left, a, right, b));
    Node& date = a.type == ColumnType::kDate ? a : b;
    date = call_node(ColumnType::kTimestamp, date_to_timestamp, nodes_of(std::move(date)));
  }

  // A date against a written timestamp is compared as timestamps.
  [[nodiscard]] Node written_like(const Syntax& literal, const Node& other) const {
    std::int64_t value = 0;
    const bool is_date = parse_date(literal.text, value);
    const bool is_timestamp = !is_date && parse_timestamp(literal.text, value);
    return moment(literal, is_timestamp ? ColumnType::kTimestamp : other.type);
  }

  [[nodiscard]] std::string not_comparable(const Syntax& left, const Node& a, const Syntax& right,
                                           const Node& b) const {
    const char* hint = "";
    if (left.kind == Syntax::Kind::kText || right.kind == Syntax::Kind::kText) {
      hint = "; numbers and truth values are written without quotes";
    } else if (a.kind == Node::Kind::kConstant || b.kind == Node::Kind::kConstant) {
      hint = "; a text goes into 'quotes'";
    }
    return fmt::format("{} cannot be compared with {}{}", shown(left, a), shown(right, b), hint);
  }

  Node in_list(const Syntax& syntax) {
    Node value = check(syntax.operands[0]);
    if (syntax.operands.size() == 1) fail(syntax.span, "the list of 'in' is empty");
    std::vector<Value> list;
    for (std::size_t i = 1; i < syntax.operands.size(); ++i) {
      const Syntax& each = syntax.operands[i];
      Node entry = check(each);
      if (entry.kind != Node::Kind::kConstant || !entry.constant.is_valid(0)) {
        fail(each.span, "the list of 'in' takes constants; write 'or' for other columns");
      }
      make_comparable(syntax.operands[0], value, each, entry);
      list.push_back(entry.constant);
    }
    // A later entry may have turned the value into a timestamp.
    for (Value& entry : list) {
      if (value.type == ColumnType::kTimestamp && entry->type == ColumnType::kDate) {
        entry = date_to_timestamp({&entry, 1});
      }
    }
    return call_node(ColumnType::kBoolean, membership(list), nodes_of(std::move(value)));
  }

  const SourceText& source_;
  const Schema& schema_;
  std::vector<std::string>& columns_;
};

}  // namespace

Node check_expression(const SourceText& source, const Syntax& syntax, const Schema& schema,
                      std::vector<std::string>& columns) {
  return Checker(source, schema, columns).check(syntax);
}

}  // namespace millrace
