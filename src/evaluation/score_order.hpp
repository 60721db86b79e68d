// Private to evaluation/: scores as integers in their order, and their histogram over all ranks.
#pragma once

#include <bit>
#include <cstdint>
#include <span>
#include <vector>

#include "comm/communicator.hpp"

namespace millrace {

// Scores beside 0/1 targets.
struct LabelledScores {
  std::span<const float> scores;
  std::span<const float> targets;
};

// Keys compare as the scores do: the sign bit flips for positive scores, all bits for negative ones, whose
// patterns run backwards. −0 becomes 0, because the two are a tie.
inline std::uint32_t order_key(float score) {
  constexpr std::uint32_t kSign = std::uint32_t{1} << 31U;
  const auto bits = std::bit_cast<std::uint32_t>(score + 0.0F);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

// Rows by class and by the top 16 bits of the score's key.
struct ScoreHistogram {
  static constexpr std::size_t kBins = 65536;
  static std::size_t bin_of(std::uint32_t key) { return key >> 16U; }

  std::vector<std::uint64_t> negatives = std::vector<std::uint64_t>(kBins);
  std::vector<std::uint64_t> positives = std::vector<std::uint64_t>(kBins);

  [[nodiscard]] std::uint64_t negative_rows() const;
  [[nodiscard]] std::uint64_t positive_rows() const;
};

// Over the rows of all ranks. Collective.
ScoreHistogram score_histogram(const Communicator& comm, const std::vector<LabelledScores>& mine);

}  // namespace millrace
