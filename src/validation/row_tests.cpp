#include "validation/row_tests.hpp"

#include <cmath>
#include <memory>
#include <unordered_set>

#include <re2/re2.h>

#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

// A test of values as a test of rows: each dictionary entry once for text, each row's canonical text
// otherwise.
RowTest test_of_texts(const Column& column, const std::function<bool(const std::string&)>& is_unexpected) {
  if (column.type != ColumnType::kText) {
    return [&column, is_unexpected](std::size_t row) { return is_unexpected(format_value(column, row)); };
  }
  std::vector<bool> by_code;
  for (const std::string_view text : column.dictionary) by_code.push_back(is_unexpected(std::string(text)));
  return [&column, by_code](std::size_t row) { return by_code[static_cast<std::size_t>(column.codes[row])]; };
}

// An integer as people may write it: 1, or 1.0.
bool parse_whole_number(std::string_view word, std::int64_t& value) {
  if (parse_integer(word, value)) return true;
  constexpr double kLimit = 0x1p63;
  double real = 0;
  if (!parse_real(word, real) || real != std::trunc(real) || std::abs(real) >= kLimit) return false;
  value = static_cast<std::int64_t>(real);
  return true;
}

bool parse_into(const std::string& word, ColumnType type, ValueSet& set) {
  if (type == ColumnType::kText) {
    set.texts.push_back(word);
    return true;
  }
  if (type == ColumnType::kInteger) {
    std::int64_t value = 0;
    const bool readable = parse_whole_number(word, value);
    if (readable) set.integers.push_back(value);
    return readable;
  }
  Column one(type);
  if (!parse_append(word, one)) return false;
  set.integers.insert(set.integers.end(), one.integers.begin(), one.integers.end());
  set.reals.insert(set.reals.end(), one.reals.begin(), one.reals.end());
  return true;
}

std::shared_ptr<const RE2> compile(const std::string& regex) {
  return std::make_shared<const RE2>(regex, RE2::Quiet);
}

}  // namespace

RowTestFactory missing_test() {
  return [](const Column& column) { return [&column](std::size_t row) { return !column.is_valid(row); }; };
}

RowTestFactory outside_test(const Range& range) {
  const double low = range.first.value_or(-INFINITY);
  const double high = range.second.value_or(INFINITY);
  return [low, high](const Column& column) {
    return [&column, low, high](std::size_t row) {
      const double value = column.number(row);
      return value < low || value > high;
    };
  };
}

ValueSet value_set(ColumnType type, const std::vector<std::string>& words) {
  ValueSet set;
  for (const std::string& word : words) {
    if (!parse_into(word, type, set)) set.unreadable.push_back(word);
  }
  return set;
}

RowTestFactory not_in_set_test(ColumnType type, const std::vector<std::string>& words) {
  const ValueSet set = value_set(type, words);
  const std::unordered_set<std::string> texts(set.texts.begin(), set.texts.end());
  const std::unordered_set<std::int64_t> integers(set.integers.begin(), set.integers.end());
  const std::unordered_set<double> reals(set.reals.begin(), set.reals.end());
  return [texts, integers, reals](const Column& column) -> RowTest {
    switch (column.type.kind) {
      case TypeKind::kText:
        return test_of_texts(column, [&texts](const std::string& text) { return !texts.contains(text); });
      case TypeKind::kReal:
        return [&reals, &column](std::size_t row) { return !reals.contains(column.reals[row]); };
      default:
        return [&integers, &column](std::size_t row) { return !integers.contains(column.integers[row]); };
    }
  };
}

RowTestFactory not_matching_test(const std::string& regex) {
  return [expression = compile(regex)](const Column& column) {
    return test_of_texts(
        column, [expression](const std::string& text) { return !RE2::PartialMatch(text, *expression); });
  };
}

std::string regex_error(const std::string& regex) {
  const auto expression = compile(regex);
  return expression->ok() ? "" : expression->error();
}

}  // namespace millrace
