// Fields, one a line: what parses as a type is written as text that parses to the same value, and the
// inferred type is one that every field has, whatever the order they are seen in.
#include <bit>

#include "base/text.hpp"
#include "fuzz/harness.hpp"
#include "table/format.hpp"
#include "table/parse.hpp"

namespace millrace::fuzzing {

namespace {

constexpr int kTypes = static_cast<int>(ColumnType::kText);  // text is no parsed type

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

}  // namespace

void fuzz(const std::string& input) {
  const std::vector<std::string> fields = split(input, '\n');
  for (const std::string& field : fields) {
    for (int type = 0; type < kTypes; ++type) {
      if (!parses(field, static_cast<ColumnType>(type)))
        require(!parse_failure(field, static_cast<ColumnType>(type)).empty(), "no reason is given", field);
    }
  }
  check_inference(fields);
}

}  // namespace millrace::fuzzing
