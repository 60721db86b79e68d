#include "serving/protocol/binary_values.hpp"

#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

#include <simdjson.h>

#include "base/error.hpp"
#include "base/text.hpp"
#include "packaging/json_rows.hpp"
#include "serving/protocol/input_column.hpp"
#include "serving/protocol/tensors.hpp"

namespace millrace {

namespace {

static_assert(std::endian::native == std::endian::little);

template <class T>
T value_at(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

double from_half(std::uint16_t bits) {
  const int exponent = bits >> 10U & 31U;
  const double fraction = bits & 1023U;
  const double sign = (bits >> 15U) != 0 ? -1.0 : 1.0;
  if (exponent == 31) return fraction > 0 ? std::nan("") : sign * HUGE_VAL;
  if (exponent == 0) return sign * std::ldexp(fraction, -24);
  return sign * std::ldexp(fraction + 1024, exponent - 25);
}

float from_bfloat(std::uint16_t bits) {
  return std::bit_cast<float>(std::uint32_t{bits} << 16U);
}

// Calls append(pointer to value) for each of a tensor's values of fixed size.
struct NumberType {
  std::string_view name;
  std::size_t size;
  bool (*append)(const char* at, Column& column);
};

template <class T>
bool append_as(const char* at, Column& column) {
  const T value = value_at<T>(at);
  if constexpr (std::is_floating_point_v<T>) {
    return append_number(static_cast<double>(value), column);
  } else if constexpr (std::is_same_v<T, std::uint64_t>) {
    return std::in_range<std::int64_t>(value) && append_number(static_cast<std::int64_t>(value), column);
  } else {
    return append_number(static_cast<std::int64_t>(value), column);
  }
}

bool append_bool(const char* at, Column& column) {
  if (*at != 0 && *at != 1) return false;
  column.append_integer(*at);
  return true;
}

constexpr NumberType kBinaryNumbers[] = {
    {"BOOL", 1, append_bool},
    {"UINT8", 1, append_as<std::uint8_t>},
    {"UINT16", 2, append_as<std::uint16_t>},
    {"UINT32", 4, append_as<std::uint32_t>},
    {"UINT64", 8, append_as<std::uint64_t>},
    {"INT8", 1, append_as<std::int8_t>},
    {"INT16", 2, append_as<std::int16_t>},
    {"INT32", 4, append_as<std::int32_t>},
    {"INT64", 8, append_as<std::int64_t>},
    {"FP16", 2,
     [](const char* at, Column& c) { return append_number(from_half(value_at<std::uint16_t>(at)), c); }},
    {"BF16", 2,
     [](const char* at, Column& c) {
       return append_number(double{from_bfloat(value_at<std::uint16_t>(at))}, c);
     }},
    {"FP32", 4, append_as<float>},
    {"FP64", 8, append_as<double>},
};

const NumberType* number_type(std::string_view name) {
  for (const NumberType& type : kBinaryNumbers) {
    if (type.name == name) return &type;
  }
  return nullptr;
}

Error wrong_value(const Field& field, const Column& column) {
  return usage_error("row {}, column '{}': the binary value is not {}", column.size() + 1, field.name,
                     expected_json(field.type));
}

Error wrong_size(const Field& field, std::size_t bytes, std::size_t rows, std::string_view datatype) {
  return usage_error("input '{}' has {} bytes of binary data, which are not {} values of {}", field.name,
                     bytes, rows, datatype);
}

void append_numbers(std::string_view bytes, const NumberType& type, std::size_t rows, const Field& field,
                    Column& column) {
  if (bytes.size() != rows * type.size) throw wrong_size(field, bytes.size(), rows, type.name);
  for (std::size_t row = 0; row < rows; ++row) {
    if (!type.append(bytes.data() + row * type.size, column)) throw wrong_value(field, column);
  }
}

void append_element(std::string_view text, const Field& field, Column& column) {
  if (text.empty() && field.type != ColumnType::kText) return column.append_missing();
  if (!simdjson::validate_utf8(text.data(), text.size()) || !append_text(text, column))
    throw wrong_value(field, column);
}

void append_texts(std::string_view bytes, std::size_t rows, const Field& field, Column& column) {
  const std::size_t all = bytes.size();
  for (std::size_t row = 0; row < rows; ++row) {
    if (bytes.size() < sizeof(std::uint32_t)) throw wrong_size(field, all, rows, "BYTES");
    const std::size_t size = value_at<std::uint32_t>(bytes.data());
    bytes.remove_prefix(sizeof(std::uint32_t));
    if (size > bytes.size()) throw wrong_size(field, all, rows, "BYTES");
    append_element(bytes.substr(0, size), field, column);
    bytes.remove_prefix(size);
  }
  if (!bytes.empty()) throw wrong_size(field, all, rows, "BYTES");
}

}  // namespace

void append_binary(std::string_view bytes, std::string_view datatype, std::size_t rows, const Field& field,
                   Column& column) {
  const NumberType* type = number_type(datatype);
  type != nullptr ? append_numbers(bytes, *type, rows, field, column)
                  : append_texts(bytes, rows, field, column);
}

void append_raw(std::string_view bytes, const Field& field, std::size_t max_rows, Column& column) {
  const NumberType* type = number_type(datatype_of(field.type));
  if (type == nullptr) return append_element(bytes, field, column);
  const std::size_t rows = bytes.size() / type->size;
  if (rows > max_rows) {
    throw usage_error("the body has {} rows; one request may have {}: split it", human_count(rows),
                      human_count(max_rows));
  }
  append_numbers(bytes, *type, rows, field, column);
}

void write_binary(std::span<const float> values, std::string& out) {
  out.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
}

void write_binary(std::string_view text, std::string& out) {
  const auto size = static_cast<std::uint32_t>(text.size());
  out.append(reinterpret_cast<const char*>(&size), sizeof(size));
  out += text;
}

}  // namespace millrace
