#include "base/text.hpp"
#include "base/topics.hpp"
#include "validation/row_tests.hpp"
#include "validation/validate.hpp"

namespace millrace {

namespace {

// Why the column is text, and what to do about it.
std::string why_text(const Dataset& dataset, const std::string& column) {
  const std::string& note = dataset.inference_notes.at(dataset.schema.index_of(column));
  return fmt::format(
      "{}; if it holds numbers, declare data.types: {{{}: integer}} (or real), and records with other "
      "words are rejected; or name those words in data.missing",
      note.empty() ? "" : fmt::format(" because of {}", note), column);
}

void check_between(const Expectation& expectation, const Dataset& dataset, ColumnType type) {
  const std::string& column = expectation.column.text;
  const std::string place = expectation.column.mark.str();
  const auto& [low, high] = *expectation.between;
  if (low && high && *low > *high) {
    throw Error(Topic::kContradiction, "{}: between: [{}, {}] holds no number", place, *low, *high);
  }
  if (type == ColumnType::kText) {
    throw Error(Topic::kTextAmongNumbers, "{}: between needs numbers, but the column '{}' is text{}", place,
                column, why_text(dataset, column));
  }
  if (is_moment(type)) {
    throw Error(Topic::kColumnType, "{}: between compares numbers, but the column '{}' is a {}", place,
                column, to_string(type));
  }
}

void check_set(const Expectation& expectation, ColumnType type) {
  const auto unreadable = value_set(type, *expectation.in_set).unreadable;
  if (unreadable.empty()) return;
  throw Error(Topic::kContradiction, "{}: in_set: {} can never be in the column '{}', which is {}",
              expectation.column.mark.str(), millrace::quoted(unreadable.front()), expectation.column.text,
              to_string(type));
}

void check_regex(const SourceText& regex) {
  const std::string error = regex_error(regex.text);
  if (!error.empty()) {
    throw Error(Topic::kRegularExpression, "{}: {} is no regular expression (RE2): {}", regex.mark.str(),
                millrace::quoted(regex.text), error);
  }
}

void check_expectation(const Expectation& expectation, const Dataset& dataset) {
  const SourceText& column = expectation.column;
  if (!dataset.schema.contains(column.text)) {
    throw Error(Topic::kUnknownColumn, "{}: there is no column '{}'{}", column.mark.str(), column.text,
                suggestion(column.text, dataset.schema.names()));
  }
  const ColumnType type = dataset.schema[dataset.schema.index_of(column.text)].type;
  if (expectation.type) parse_column_type(expectation.type->text);
  if (expectation.between) check_between(expectation, dataset, type);
  if (expectation.in_set) check_set(expectation, type);
  if (expectation.regex) check_regex(*expectation.regex);
}

}  // namespace

void check_expectations(const ValidationConfig& config, const Dataset& dataset) {
  for (const Expectation& expectation : config.expect) check_expectation(expectation, dataset);
}

}  // namespace millrace
