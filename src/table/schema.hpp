// Column types and the schema: names and types in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace millrace {

enum class ColumnType : std::uint8_t {
  kBoolean,    // true/false
  kInteger,    // 64 bits, signed
  kReal,       // double
  kDate,       // days since 1970-01-01
  kTimestamp,  // microseconds since 1970-01-01T00:00:00Z
  kText,       // UTF-8, dictionary-coded
};

const char* to_string(ColumnType type);
// "boolean", "integer", "real", "date", "timestamp", "text". Throws kUsage with a near miss.
ColumnType parse_column_type(std::string_view name);
// Boolean, integer and real columns have numbers that models can use as they are; dates and timestamps too.
inline bool is_numeric(ColumnType type) {
  return type != ColumnType::kText;
}

struct Field {
  std::string name;
  ColumnType type = ColumnType::kText;
  friend bool operator==(const Field&, const Field&) = default;
};

class Schema {
 public:
  Schema() = default;
  explicit Schema(std::vector<Field> fields) : fields_(std::move(fields)) {}

  [[nodiscard]] std::size_t size() const { return fields_.size(); }
  [[nodiscard]] const Field& operator[](std::size_t i) const { return fields_[i]; }
  [[nodiscard]] auto begin() const { return fields_.begin(); }
  [[nodiscard]] auto end() const { return fields_.end(); }
  [[nodiscard]] std::vector<std::string> names() const;

  [[nodiscard]] bool contains(std::string_view name) const;
  // Throws kUsage: "there is no column 'Chrun' (did you mean 'Churn'?)".
  [[nodiscard]] std::size_t index_of(std::string_view name) const;

  friend bool operator==(const Schema&, const Schema&) = default;

 private:
  std::vector<Field> fields_;
};

// [{"name": ..., "type": ...}, ...]
void to_json(Json& json, const Schema& schema);
void from_json(const Json& json, Schema& schema);

}  // namespace millrace
