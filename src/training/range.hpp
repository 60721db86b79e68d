// Ranges of rows, lanes and chunks, and how they are dealt to owners.
#pragma once

#include <algorithm>
#include <cstdint>

namespace millrace {

// Half-open, [first, end).
struct Range {
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  [[nodiscard]] std::uint64_t size() const { return end - first; }
};

// Part `index` of `total` things dealt to `parts` owners in order; sizes differ by one at most, larger first.
inline Range deal(std::uint64_t total, std::uint64_t parts, std::uint64_t index) {
  const std::uint64_t share = total / parts;
  const std::uint64_t larger = total % parts;
  const std::uint64_t first = index * share + std::min(index, larger);
  return {first, first + share + (index < larger ? 1 : 0)};
}

}  // namespace millrace
