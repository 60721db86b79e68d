// The gradient of embedding tables without atomics: uses of a level are brought together by a stable sort,
// then each level's deltas are added in row order.
//
//   embedding_keys → sort_by_key → add_segments
#pragma once

#include "kernels/inputs.hpp"

namespace millrace::kernels {

// keys[rows × n_tables] = first_key of the table + id; positions = 0, 1, 2, … (row · n_tables + table).
// Throws std::length_error where rows × n_tables does not fit into 32 bits.
void embedding_keys(const InputShape& shape, const std::int32_t* categorical, const EmbeddingColumn* tables,
                    std::uint32_t* keys, std::uint32_t* positions, StreamView stream);

// Stable, by the keys' lowest `bits` bits. `scratch` has at least sort_scratch_bytes(count) bytes.
std::size_t sort_scratch_bytes(std::size_t count);
void sort_by_key(std::size_t count, unsigned bits, const std::uint32_t* keys, const std::uint32_t* positions,
                 std::uint32_t* sorted_keys, std::uint32_t* sorted_positions, void* scratch,
                 std::size_t scratch_bytes, StreamView stream);

// Floats of `partial` that add_segments wants: two rows of the widest table for every 32 uses.
std::size_t segment_scratch(const InputShape& shape, std::uint32_t widest_dimension);
// gradient[table.parameters + id · dimension + d] = Σ input_delta[row × width][table.column + d] over the
// uses of the level, for levels that are used; others are left alone (the caller zeroes the gradient). Uses
// are cut into chunks of 32; each chunk's uses are added in order, and a long segment's chunks in a fixed
// order.
void add_segments(const InputShape& shape, const EmbeddingColumn* tables, std::uint32_t widest_dimension,
                  const std::uint32_t* sorted_keys, const std::uint32_t* sorted_positions,
                  const float* input_delta, float* partial, float* gradient, StreamView stream);

}  // namespace millrace::kernels
