// The newest rows of a dataset: those of its newest partitions, which a warm start trains on and is judged
// by.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "base/json.hpp"
#include "ingestion/dataset.hpp"

namespace millrace {

struct RowWindow {
  std::vector<std::pair<std::uint64_t, std::uint64_t>> recent;  // row_index: from, to before; ascending
  double replay = 0;                                            // share of the older rows that count too

  // Of rows from `first` to before `end`, whether some may be recent.
  [[nodiscard]] bool overlaps(std::uint64_t first, std::uint64_t end) const;
  [[nodiscard]] bool contains(std::uint64_t row_index) const { return overlaps(row_index, row_index + 1); }
  // Whether some of these may count at all.
  [[nodiscard]] bool counts(std::uint64_t first, std::uint64_t end) const {
    return replay > 0 || overlaps(first, end);
  }
  friend bool operator==(const RowWindow&, const RowWindow&) = default;
};
void to_json(Json& json, const RowWindow& window);
void from_json(const Json& json, RowWindow& window);

// The rows of the last `partitions` different first folders KEY=VALUE in the order of the sources; a file
// without such folders is one by itself. 0: all rows.
RowWindow newest_rows(const Dataset& dataset, std::size_t partitions, double replay);

}  // namespace millrace
