// The order of a lane's rows within an epoch: row groups are permuted, then rows within a window of groups.
// A function of (seed, epoch, lane) alone, so that resuming needs a position and nothing else.
#pragma once

#include <cstdint>
#include <vector>

namespace millrace {

constexpr std::uint64_t kGroupRows = 4096;

class LaneOrder {
 public:
  // `window_rows` is rounded down to whole groups, one at least.
  LaneOrder(std::uint64_t seed, std::uint64_t epoch, std::uint32_t lane, std::uint64_t rows,
            std::uint64_t window_rows);

  struct Window {
    std::vector<std::uint32_t> groups;  // increasing: so only the last one can be short
    std::vector<std::uint32_t> rows;    // the permuted order, as positions in the groups' concatenation

    // The row of the lane that lies at a position of the concatenation.
    [[nodiscard]] std::uint64_t lane_row(std::uint32_t position) const {
      return groups[position / kGroupRows] * kGroupRows + position % kGroupRows;
    }
  };
  [[nodiscard]] std::uint32_t windows() const;
  [[nodiscard]] Window window(std::uint32_t index) const;
  // Rows of a group: kGroupRows but for the lane's last.
  [[nodiscard]] std::uint64_t group_rows(std::uint32_t group) const;

 private:
  std::uint64_t key_;
  std::uint64_t rows_;
  std::uint32_t groups_in_window_;
  std::vector<std::uint32_t> groups_;
};

}  // namespace millrace
