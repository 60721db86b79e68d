#include "monitoring/typed_columns.hpp"

#include <algorithm>
#include <cmath>

#include "base/text.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

bool has_column(const Schema& schema, const std::string& name) {
  return std::ranges::any_of(schema, [&](const Field& field) { return field.name == name; });
}

// Whole numbers that were written as reals, as tables with missing values often are ("58.0").
bool append_whole(std::string_view text, Column& column) {
  constexpr double kLargest = 0x1p53;
  double value = 0;
  if (column.type.kind != TypeKind::kInteger || !parse_real(text, value)) return false;
  if (value != std::trunc(value) || std::abs(value) > kLargest) return false;
  column.append_integer(static_cast<std::int64_t>(value));
  return true;
}

// Values of a type that hold those of `type` as well: whatever fits is kept, the rest is missing.
Column parsed(const Column& texts, ColumnType type) {
  Column column(type);
  for (std::size_t row = 0; row < texts.size(); ++row) {
    const bool fits = texts.is_valid(row) &&
                      (parse_append(texts.text(row), column) || append_whole(texts.text(row), column));
    if (!fits) column.append_missing();
  }
  return column;
}

Column without_values(ColumnType type, std::size_t rows) {
  Column column(type);
  for (std::size_t row = 0; row < rows; ++row) column.append_missing();
  return column;
}

// Whether a look at the values leaves a doubt that they are of the model's type.
bool may_not_fit(ColumnType found, ColumnType wanted) {
  if (wanted.kind == TypeKind::kText || found == wanted) return false;
  const bool number = wanted.kind == TypeKind::kReal || wanted.kind == TypeKind::kDecimal;
  if (number && found.kind == TypeKind::kInteger) return false;
  return !(wanted.kind == TypeKind::kTimestamp && found.kind == TypeKind::kDate);
}

}  // namespace

TypedColumns::TypedColumns(const MonitoredModel& model, const Schema& found) : model_(&model) {
  for (const ColumnDistribution& column : model.reference.inputs) {
    if (has_column(found, column.name)) {
      add(column, found);
    } else {
      absent_.push_back({column.name, "is not in the source" + suggestion(column.name, found.names())});
    }
  }
  const ColumnDistribution& target = model.reference.target;
  if (has_column(found, target.name)) add(target, found);
}

void TypedColumns::add(const ColumnDistribution& column, const Schema& found) {
  const ColumnType type = found[found.index_of(column.name)].type;
  std::vector<Field> fields(to_read_.begin(), to_read_.end());
  fields.push_back({column.name, may_not_fit(type, column.type) ? ColumnType::kText : column.type});
  to_read_ = Schema(std::move(fields));
}

Column TypedColumns::typed(const Table& read, const ColumnDistribution& column) const {
  if (!has_column(to_read_, column.name)) return without_values(column.type, read.rows());
  const Column& values = read[column.name];
  return values.type == column.type ? values : parsed(values, column.type);
}

Table TypedColumns::inputs_of(const Table& read) const {
  Table inputs{model_->artifact.scorer.inputs(), {}};
  for (const ColumnDistribution& column : model_->reference.inputs)
    inputs.columns.push_back(typed(read, column));
  return inputs;
}

std::optional<Column> TypedColumns::target_of(const Table& read) const {
  const ColumnDistribution& target = model_->reference.target;
  return has_column(to_read_, target.name) ? std::optional(typed(read, target)) : std::nullopt;
}

}  // namespace millrace
