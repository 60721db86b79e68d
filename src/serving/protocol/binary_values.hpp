// Binary tensors of the Open Inference Protocol (Triton's extension binary_tensor_data): little-endian
// values one behind the other; BYTES are a uint32 length and so many bytes each; FP16 is IEEE 754 binary16,
// BF16 the upper half of a float. Internal to serving/.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "table/column.hpp"

namespace millrace {

// Fills an empty column with `rows` values of the datatype, which the field accepts. NaN is a missing value;
// so is an empty text of a date or a time. Throws kUsage naming the input, and the row (from 1) where a value
// is none of the type.
void append_binary(std::string_view bytes, std::string_view datatype, std::size_t rows, const Field& field,
                   Column& column);
// A raw body: values of the field's own datatype; of a text, one row that is the whole body.
void append_raw(std::string_view bytes, const Field& field, std::size_t max_rows, Column& column);

void write_binary(std::span<const float> values, std::string& out);  // FP32
void write_binary(std::string_view text, std::string& out);          // an element of BYTES

}  // namespace millrace
