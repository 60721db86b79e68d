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

class LevelIndex {
 public:
  LevelIndex(const Column& column, const Vocabulary& vocabulary)
      : column_(&column), vocabulary_(&vocabulary), by_code_(column.dictionary.size(), kUnknownYet) {}

  std::int32_t operator()(std::size_t row) {
    if (!column_->is_valid(row)) return Vocabulary::kMissing;
    std::int32_t& index = remembered(row);
    if (index == kUnknownYet) index = vocabulary_->index_of(canonical_text(row));
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

  // As the statistics count it: −0 is 0.
  [[nodiscard]] std::string canonical_text(std::size_t row) const {
    return column_->type == ColumnType::kReal ? format_real(column_->reals[row] + 0.0)
                                              : format_value(*column_, row);
  }

  const Column* column_;
  const Vocabulary* vocabulary_;
  std::vector<std::int32_t> by_code_;
  std::unordered_map<std::int64_t, std::int32_t> by_bits_;
};

}  // namespace millrace
