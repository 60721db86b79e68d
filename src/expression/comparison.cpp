#include <algorithm>
#include <unordered_set>

#include "expression/kernels.hpp"

namespace millrace {

namespace {

using Truth = std::optional<std::int64_t>;

// For which orders of two values a comparison holds: less, equal, greater.
struct Holds {
  bool less = false;
  bool equal = false;
  bool greater = false;

  template <class T>
  [[nodiscard]] Truth operator()(const T& a, const T& b) const {
    return a < b ? less : b < a ? greater : equal;
  }
  [[nodiscard]] Holds mirrored() const { return {greater, equal, less}; }
};

Holds holds_for(const std::string& symbol) {
  if (symbol == "!=") return {true, false, true};
  return {symbol[0] == '<', symbol.back() == '=', symbol[0] == '>'};
}

Value compare_texts(const Holds& holds, Operands operands) {
  const Value& a = operands[0];
  const Value& b = operands[1];
  const auto with = [](const Holds& how, std::string_view constant) {
    return [=](std::string_view text) { return how(text, constant); };
  };
  if (b.constant) return map_texts(ColumnType::kBoolean, a, with(holds, b.text(0)));
  if (a.constant) return map_texts(ColumnType::kBoolean, b, with(holds.mirrored(), a.text(0)));
  return map_rows(ColumnType::kBoolean, operands,
                  [&](std::size_t row) { return holds(a.text(row), b.text(row)); });
}

Value compare(const Holds& holds, Operands operands) {
  const Value& a = operands[0];
  const Value& b = operands[1];
  if (a->type == ColumnType::kText) return compare_texts(holds, operands);
  if (a->type == ColumnType::kReal || b->type == ColumnType::kReal) {
    return map_rows(ColumnType::kBoolean, operands,
                    [&](std::size_t row) { return holds(a.number(row), b.number(row)); });
  }
  return map_rows(ColumnType::kBoolean, operands,
                  [&](std::size_t row) { return holds(a.integer(row), b.integer(row)); });
}

Kernel text_membership(const std::vector<Value>& list) {
  std::unordered_set<std::string> texts;
  for (const Value& value : list) texts.emplace(value.text(0));
  return [texts = std::move(texts)](Operands operands) {
    return map_texts(ColumnType::kBoolean, operands[0],
                     [&](std::string_view text) { return Truth(texts.count(std::string(text))); });
  };
}

// `read` gives the value of a row as it is compared: an integer or a double.
template <class Read>
Kernel sorted_membership(const std::vector<Value>& list, const Read& read) {
  std::vector<decltype(read(list[0], 0))> values;
  for (const Value& value : list) values.push_back(read(value, 0));
  std::sort(values.begin(), values.end());
  return [values = std::move(values), read](Operands operands) {
    return map_rows(ColumnType::kBoolean, operands, [&](std::size_t row) {
      return Truth(std::binary_search(values.begin(), values.end(), read(operands[0], row)));
    });
  };
}

}  // namespace

Kernel comparison(const std::string& symbol) {
  return [holds = holds_for(symbol)](Operands operands) { return compare(holds, operands); };
}

Kernel membership(const std::vector<Value>& list) {
  const auto is_real = [](const Value& value) { return value->type == ColumnType::kReal; };
  if (list.front()->type == ColumnType::kText) return text_membership(list);
  const auto number = [](const Value& value, std::size_t row) { return value.number(row); };
  if (std::any_of(list.begin(), list.end(), is_real)) return sorted_membership(list, number);
  // A real operand against integers is compared as reals, too.
  return [integers =
              sorted_membership(list, [](const Value& value, std::size_t row) { return value.integer(row); }),
          reals = sorted_membership(list, number),
          is_real](Operands operands) { return is_real(operands[0]) ? reals(operands) : integers(operands); };
}

}  // namespace millrace
