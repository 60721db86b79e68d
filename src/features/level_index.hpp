// Private to features/: the vocabulary index of a column's rows. Each distinct value is formatted and looked
// up once; text by its dictionary code, other types by their bits.
#pragma once

#include <bit>
#include <cstdint>
#include <unordered_map>
#include <vector>

#include "features/plan.hpp"
#include "table/format.hpp"

namespace millrace {

// The vocabulary index of one row.
inline std::int32_t level_of(const Column& column, std::size_t row, const Vocabulary& vocabulary) {
  if (!column.is_valid(row)) return Vocabulary::kMissing;
  if (column.type == ColumnType::kText) return vocabulary.index_of(column.text(row));
  // As the statistics count it: −0 is 0.
  return vocabulary.index_of(column.type == ColumnType::kReal ? format_real(column.reals[row] + 0.0)
                                                              : format_value(column, row));
}

class LevelIndex {
 public:
  LevelIndex(const Column& column, const Vocabulary& vocabulary)
      : column_(&column), vocabulary_(&vocabulary), by_code_(column.dictionary.size(), kUnknownYet) {}

  std::int32_t operator()(std::size_t row) {
    if (!column_->is_valid(row)) return Vocabulary::kMissing;
    std::int32_t& index = remembered(row);
    if (index == kUnknownYet) index = level_of(*column_, row, *vocabulary_);
    return index;
  }

 private:
  static constexpr std::int32_t kUnknownYet = -1;

  std::int32_t& remembered(std::size_t row) {
    if (column_->type == ColumnType::kText) return by_code_[static_cast<std::size_t>(column_->codes[row])];
    const auto bits = column_->type == ColumnType::kReal ? std::bit_cast<std::int64_t>(column_->reals[row])
                                                         : column_->integers[row];
    return by_bits_.try_emplace(bits, kUnknownYet).first->second;
  }

  const Column* column_;
  const Vocabulary* vocabulary_;
  std::vector<std::int32_t> by_code_;
  std::unordered_map<std::int64_t, std::int32_t> by_bits_;
};

}  // namespace millrace
