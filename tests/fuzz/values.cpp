// Fields, one a line: what parses as a type is written as text that parses to the same value, and the
// inferred type is one that every field has, whatever the order they are seen in. Each is a format of times
// for the others, too.
#include <array>
#include <bit>

#include "base/text.hpp"
#include "fuzz/harness.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"
#include "table/time_format.hpp"

namespace millrace::fuzzing {

namespace {

constexpr std::array kTypes{ColumnType::kBoolean,      ColumnType::kInteger,       ColumnType::kReal,
                            ColumnType::kDate,         ColumnType::kTimestamp,     ColumnType::decimal(1, 0),
                            ColumnType::decimal(7, 2), ColumnType::decimal(18, 18)};

bool same(const Column& column) {
  if (column.type == ColumnType::kReal) {
    return std::bit_cast<std::uint64_t>(column.reals[0]) == std::bit_cast<std::uint64_t>(column.reals[1]);
  }
  return column.integers[0] == column.integers[1];
}

bool parses(const std::string& field, ColumnType type) {
  Column column(type);
  if (!parse_append(field, column)) {
    require(column.size() == 0, "a refused field left a value", field);
    return false;
  }
  const std::string written = format_value(column, 0);
  require(parse_append(written, column) && same(column), "read, written and read again", field);
  return true;
}

void check_inference(const std::vector<std::string>& fields) {
  TypeCandidates forwards;
  TypeCandidates backwards;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    forwards.observe(fields[i]);
    TypeCandidates last;
    last.observe(fields[fields.size() - 1 - i]);
    backwards.merge(last);
  }
  require(forwards.bits() == backwards.bits() && forwards.result() == backwards.result(),
          "inference depends on the order");
  if (forwards.result() == ColumnType::kText) return;
  for (const std::string& field : fields) {
    require(parses(field, forwards.result()), "a field is not of the inferred type", field);
  }
}

void check_formats(std::vector<std::string> patterns, const std::vector<std::string>& fields) {
  patterns.insert(patterns.end(), {"%d.%m.%y", "%B %d,%Y %I:%M:%S.%f %p %z", "%Y%m%d%H%M%S"});
  for (const std::string& pattern : patterns) {
    const auto read_all = [&] {
      const TimeFormat format(pattern);
      for (const std::string& field : fields) {
        std::int64_t micros = 0;
        std::int64_t again = 0;
        if (!format.parse_timestamp(field, micros)) continue;
        require(parse_timestamp(format_timestamp(micros), again) && again == micros, "no timestamp", field);
      }
    };
    accepts(read_all, {ExitCode::kUsage});
  }
}

}  // namespace

void fuzz(const std::string& input) {
  const std::vector<std::string> fields = split(input, '\n');
  for (const std::string& field : fields) {
    for (const ColumnType type : kTypes) {
      if (!parses(field, type)) require(!parse_failure(field, type).empty(), "no reason is given", field);
    }
  }
  check_inference(fields);
  check_formats({fields.begin(), fields.begin() + std::min<std::ptrdiff_t>(std::ssize(fields), 8)}, fields);
}

}  // namespace millrace::fuzzing
