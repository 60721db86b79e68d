#include "training/lane_order.hpp"

#include <algorithm>
#include <numeric>

#include "base/random.hpp"

namespace millrace {

LaneOrder::LaneOrder(std::uint64_t seed, std::uint64_t epoch, std::uint32_t lane, std::uint64_t rows,
                     std::uint64_t window_rows)
    : key_(derive_key({seed, epoch, lane})),
      rows_(rows),
      groups_in_window_(static_cast<std::uint32_t>(std::max<std::uint64_t>(window_rows / kGroupRows, 1))),
      groups_((rows + kGroupRows - 1) / kGroupRows) {
  std::iota(groups_.begin(), groups_.end(), 0U);
  shuffle(groups_, key_);
}

std::uint32_t LaneOrder::windows() const {
  return (static_cast<std::uint32_t>(groups_.size()) + groups_in_window_ - 1) / groups_in_window_;
}

std::uint64_t LaneOrder::group_rows(std::uint32_t group) const {
  return std::min(kGroupRows, rows_ - group * kGroupRows);
}

LaneOrder::Window LaneOrder::window(std::uint32_t index) const {
  const std::size_t first = std::size_t{index} * groups_in_window_;
  const std::size_t end = std::min(first + groups_in_window_, groups_.size());
  Window window;
  window.groups.assign(groups_.begin() + static_cast<std::ptrdiff_t>(first),
                       groups_.begin() + static_cast<std::ptrdiff_t>(end));
  std::ranges::sort(window.groups);
  std::uint64_t rows = 0;
  for (const std::uint32_t group : window.groups) rows += group_rows(group);
  window.rows.resize(rows);
  std::iota(window.rows.begin(), window.rows.end(), 0U);
  shuffle(window.rows, derive_key({key_, index}));
  return window;
}

}  // namespace millrace
