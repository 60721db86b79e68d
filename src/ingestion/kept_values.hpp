// Which values the columns of a stored shard have within the ranges that quantiles and histograms wanted to
// know them in, so that an ingestion that finds the shard again need not read it for them. Nothing but time
// depends on what is found.
//
// Found by actions/values/KEY. Layout: docs/formats.md, "Kept values".
#pragma once

#include <cstddef>
#include <map>
#include <string>

#include "statistics/key_ranges.hpp"
#include "statistics/packed_counts.hpp"
#include "storage/objects.hpp"
#include "table/column.hpp"

namespace millrace {

struct KeptValues {
  KeyRanges ranges;
  BitCounts values;  // all that lie within them, by their order_key()
};
KeptValues values_within(const Column& column, const KeyRanges& ranges);

// A table's columns have their records by groups of so many, in the schema's order.
inline constexpr std::size_t kValuesGroup = 64;

// By column. Empty where nothing is kept, or where it is damaged, with a warning.
std::map<std::string, KeptValues> find_values(const Digest& shard, std::size_t group,
                                              const Workspace& workspace);
void keep_values(const Digest& shard, std::size_t group, const std::map<std::string, KeptValues>& columns,
                 const Workspace& workspace);

}  // namespace millrace
