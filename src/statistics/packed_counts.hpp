// Numbers and how often each of them occurs, as one short text: what a map in JSON would take ten times as
// long to read for.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace millrace {

// 64-bit patterns, strictly ascending, with counts above 0.
using BitCounts = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

// Base64 of pairs: the distance from the pattern before (of the first: from 0), and the count, each in groups
// of seven bits, the lowest first (LEB128).
std::string pack_counts(const BitCounts& counts);
// Throws kResource for a text that is damaged.
BitCounts unpack_counts(std::string_view text);

}  // namespace millrace
