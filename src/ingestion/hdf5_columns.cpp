#include "ingestion/hdf5_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ingestion/field_reader.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace {

namespace {

using hdf5::ElementKind;

constexpr std::size_t kReasonBytes = 60;
constexpr double kIntegerEnd = 0x1p63;

// The texts of data.missing that are numbers.
struct MissingNumbers {
  std::vector<std::int64_t> integers;
  std::vector<double> reals;

  explicit MissingNumbers(const CsvDialect& dialect) {
    for (const std::string& token : dialect.missing) {
      std::int64_t integer = 0;
      double real = 0;
      if (parse_integer(token, integer)) integers.push_back(integer);
      if (parse_real(token, real)) reals.push_back(real);
    }
  }
};

template <class T>
bool contains(const std::vector<T>& values, T value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

class ColumnReader {
 public:
  ColumnReader(const BlockColumn& from, const CsvDialect& dialect)
      : from_(from), dialect_(dialect), missing_(dialect), kind_(from.values.kind()) {}

  [[nodiscard]] bool is_missing(std::size_t row) const {
    if (from_.valid != nullptr && is_zero(*from_.valid, row)) return true;
    if (kind_ == ElementKind::kText) {
      std::string_view text = from_.values.text(row);
      return !is_present(dialect_, text);
    }
    if (kind_ == ElementKind::kReal) {
      const auto value = from_.values.number<double>(row);
      return std::isnan(value) || value == from_.column.missing_real || contains(missing_.reals, value);
    }
    const auto value = integer(row);
    return value && (value == from_.column.missing_integer ||
                     (kind_ != ElementKind::kBoolean && contains(missing_.integers, *value)));
  }

  // As a CSV file would have it; good until the next call.
  std::string_view text(std::size_t row) {
    if (kind_ == ElementKind::kText) {
      std::string_view text = from_.values.text(row);
      is_present(dialect_, text);  // trims
      return text;
    }
    scratch_ = kind_ == ElementKind::kUnsigned  ? std::to_string(from_.values.number<std::uint64_t>(row))
               : kind_ == ElementKind::kInteger ? std::to_string(from_.values.number<std::int64_t>(row))
               : kind_ == ElementKind::kBoolean ? format_integer(*integer(row), ColumnType::kBoolean)
                                                : format_real(from_.values.number<double>(row));
    return scratch_;
  }

  // Appends a value that is there; false where it is none of the column's type. Not for texts.
  bool append(std::size_t row, Column& column) {
    if (kind_ != ElementKind::kText && column.type == ColumnType::kReal) {
      const double value = kind_ == ElementKind::kReal ? from_.values.number<double>(row)
                           : kind_ == ElementKind::kUnsigned
                               ? static_cast<double>(from_.values.number<std::uint64_t>(row))
                               : static_cast<double>(*integer(row));
      if (std::isfinite(value)) column.append_real(value);
      return std::isfinite(value);
    }
    if (column.type == ColumnType::kInteger || column.type == ColumnType::kBoolean) {
      if (const auto value = integer(row)) {
        const bool fits = column.type == ColumnType::kInteger || *value == 0 || *value == 1;
        if (fits) column.append_integer(*value);
        return fits;
      }
    }
    if (column.type.kind == TypeKind::kDecimal && kind_ == ElementKind::kReal) {
      const auto value = decimal_of(from_.values.number<double>(row), column.type);
      if (value) column.append_integer(*value);
      return value.has_value();
    }
    return parse_append(text(row), column);
  }

  // What speaks against a text that is there.
  std::optional<Problem> problem_of_text(std::size_t row, std::size_t column) {
    if (kind_ != ElementKind::kText) return std::nullopt;
    const std::string_view value = text(row);
    if (value.find('\0') != std::string_view::npos) return Problem{RejectKind::kNul, column, "a NUL byte"};
    if (is_utf8(value)) return std::nullopt;
    return Problem{RejectKind::kEncoding, column,
                   fmt::format("'{}' is no UTF-8", printable(value, kReasonBytes))};
  }

 private:
  static bool is_zero(const hdf5::TableValues& valid, std::size_t row) {
    return valid.kind() == ElementKind::kBoolean ? valid.number<std::uint8_t>(row) == 0
                                                 : valid.number<std::uint64_t>(row) == 0;
  }

  // The value as an integer of 64 bits; nothing where it is none, and of texts.
  [[nodiscard]] std::optional<std::int64_t> integer(std::size_t row) const {
    switch (kind_) {
      case ElementKind::kBoolean:
        return from_.values.number<std::uint8_t>(row);
      case ElementKind::kInteger:
        return from_.values.number<std::int64_t>(row);
      case ElementKind::kUnsigned: {
        const auto value = from_.values.number<std::uint64_t>(row);
        if (value > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) return std::nullopt;
        return static_cast<std::int64_t>(value);
      }
      case ElementKind::kReal: {
        const auto value = from_.values.number<double>(row);
        if (std::trunc(value) != value || value < -kIntegerEnd || value >= kIntegerEnd) return std::nullopt;
        return static_cast<std::int64_t>(value);
      }
      case ElementKind::kText:
        break;
    }
    return std::nullopt;
  }

  BlockColumn from_;
  const CsvDialect& dialect_;
  MissingNumbers missing_;
  ElementKind kind_;
  std::string scratch_;
};

// What is found wrong with the rows of a block.
struct Findings {
  std::vector<std::uint8_t> keep;
  std::vector<RecordProblem> problems;  // one a row that is not kept: of the first column

  explicit Findings(std::size_t rows) : keep(rows, 1) {}
  void add(std::size_t row, Problem problem) {
    if (keep[row] == 0) return;
    keep[row] = 0;
    problems.push_back({static_cast<std::uint32_t>(row), std::move(problem)});
  }
};

void take_numbers(ColumnReader& reader, std::size_t index, Column& column, Findings& findings) {
  column.reserve(findings.keep.size());
  for (std::size_t row = 0; row < findings.keep.size(); ++row) {
    if (reader.is_missing(row)) {
      column.append_missing();
    } else if (!reader.append(row, column)) {
      column.append_missing();
      const std::string reason = parse_failure(printable(reader.text(row), kReasonBytes), column.type);
      findings.add(row, {RejectKind::kCast, index, reason});
    }
  }
}

void find_unsound_texts(ColumnReader& reader, std::size_t index, Findings& findings) {
  for (std::size_t row = 0; row < findings.keep.size(); ++row) {
    if (reader.is_missing(row)) continue;
    if (auto problem = reader.problem_of_text(row, index)) findings.add(row, std::move(*problem));
  }
}

// Texts come last: what has entered a dictionary could not be taken back.
void take_texts(ColumnReader& reader, Column& column, const Findings& findings) {
  TextAppender texts(column);
  column.reserve(findings.keep.size());
  for (std::size_t row = 0; row < findings.keep.size(); ++row) {
    if (findings.keep[row] == 0) continue;
    if (reader.is_missing(row)) {
      column.append_missing();
    } else {
      texts.append(reader.text(row));
    }
  }
}

void keep_rejects_of(Findings& findings, std::vector<ColumnReader>& readers, const Schema& schema,
                     std::uint64_t first_row, std::size_t most, LoadedBlock& loaded) {
  std::ranges::sort(findings.problems, {}, &RecordProblem::record);
  for (const auto& [row, problem] : findings.problems) {
    loaded.reject_counts.add(problem.kind);
    if (loaded.rejects.size() == most) continue;
    loaded.rejects.push_back({first_row + row + 1, 0, schema[*problem.column].name, problem.kind,
                              problem.reason,
                              printable(readers[*problem.column].text(row), kRejectTextBytes)});
  }
}

}  // namespace

ColumnType natural_type(ElementKind kind) {
  switch (kind) {
    case ElementKind::kInteger:
    case ElementKind::kUnsigned:
      return ColumnType::kInteger;
    case ElementKind::kReal:
      return ColumnType::kReal;
    case ElementKind::kBoolean:
      return ColumnType::kBoolean;
    case ElementKind::kText:
      break;
  }
  return ColumnType::kText;
}

LoadedBlock convert_rows(const std::vector<BlockColumn>& columns, const Schema& schema, std::size_t rows,
                         std::uint64_t first_row, const CsvDialect& dialect, std::size_t keep_rejects) {
  LoadedBlock loaded{make_table(schema), {}, rows, {}, {}, {}};
  std::vector<Column>& table = loaded.table.columns;
  std::vector<ColumnReader> readers;
  Findings findings(rows);
  for (std::size_t i = 0; i < columns.size(); ++i) {
    ColumnReader& reader = readers.emplace_back(columns[i], dialect);
    table[i].type == ColumnType::kText ? find_unsound_texts(reader, i, findings)
                                       : take_numbers(reader, i, table[i], findings);
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (table[i].type == ColumnType::kText) {
      take_texts(readers[i], table[i], findings);
    } else if (!findings.problems.empty()) {
      table[i] = select_rows(table[i], findings.keep);
    }
  }
  for (std::size_t row = 0; row < rows; ++row) {
    if (findings.keep[row] != 0) loaded.records.push_back(row);
  }
  keep_rejects_of(findings, readers, schema, first_row, keep_rejects, loaded);
  return loaded;
}

}  // namespace millrace
