// Column types and the schema: names and types in order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.hpp"

namespace millrace {

enum class TypeKind : std::uint8_t {
  kBoolean,    // true/false
  kInteger,    // 64 bits, signed
  kReal,       // double
  kDate,       // days since 1970-01-01
  kTimestamp,  // microseconds since 1970-01-01T00:00:00Z
  kText,       // UTF-8, dictionary-coded
  kDecimal,    // an integer, times 10^-scale: exact where a real number would round
};

// Decimals have at most as many digits as always fit into 64 bits.
inline constexpr int kMaxPrecision = 18;

struct ColumnType {
  TypeKind kind = TypeKind::kText;
  std::uint8_t precision = 0;  // of a decimal: digits in all, 1 to kMaxPrecision
  std::uint8_t scale = 0;      // of a decimal: digits after the point, 0 to precision

  static const ColumnType kBoolean;
  static const ColumnType kInteger;
  static const ColumnType kReal;
  static const ColumnType kDate;
  static const ColumnType kTimestamp;
  static const ColumnType kText;
  static constexpr ColumnType decimal(int precision, int scale) {
    return {TypeKind::kDecimal, static_cast<std::uint8_t>(precision), static_cast<std::uint8_t>(scale)};
  }

  friend constexpr bool operator==(const ColumnType&, const ColumnType&) = default;
};

inline constexpr ColumnType ColumnType::kBoolean{TypeKind::kBoolean};
inline constexpr ColumnType ColumnType::kInteger{TypeKind::kInteger};
inline constexpr ColumnType ColumnType::kReal{TypeKind::kReal};
inline constexpr ColumnType ColumnType::kDate{TypeKind::kDate};
inline constexpr ColumnType ColumnType::kTimestamp{TypeKind::kTimestamp};
inline constexpr ColumnType ColumnType::kText{TypeKind::kText};

// As configurations and schemas write it: "integer", "decimal(12,2)".
std::string to_string(ColumnType type);
// Throws kUnknownName with a near miss, or with what is wrong with a decimal's digits.
ColumnType parse_column_type(std::string_view name);
// By its name.
void to_json(Json& json, const ColumnType& type);
void from_json(const Json& json, ColumnType& type);

// Everything but text has numbers that models can use as they are.
inline bool is_numeric(ColumnType type) {
  return type.kind != TypeKind::kText;
}
// Integers, reals and decimals: what can be added up.
inline bool is_number(ColumnType type) {
  return type.kind == TypeKind::kInteger || type.kind == TypeKind::kReal || type.kind == TypeKind::kDecimal;
}
inline bool is_moment(ColumnType type) {
  return type.kind == TypeKind::kDate || type.kind == TypeKind::kTimestamp;
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
