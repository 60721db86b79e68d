// One lane of this rank: hands out its rows in the epoch's order. Rows that fit the window are read once and
// kept; otherwise one window at a time is in memory.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "training/batch.hpp"
#include "training/lane_order.hpp"
#include "training/row_source.hpp"

namespace millrace {

class Lane {
 public:
  // `source` must outlive the lane.
  Lane(RowSource& source, std::uint32_t number, Range rows, std::uint64_t seed, std::uint64_t window_rows);

  // Goes to the row that is `position`th (from 0) in the epoch's order.
  void start(std::uint64_t epoch, std::uint64_t position);
  // Appends up to `count` next rows; fewer only at the epoch's end. Weights are multiplied with their class's
  // weight where there are class weights.
  void take(std::uint64_t count, std::uint64_t step, std::span<const float> class_weights, Batch& to);

 private:
  // Goes on to the next window; false at the epoch's end.
  bool next_window();
  void read_window();
  void append(std::span<const std::uint32_t> positions, std::uint64_t step,
              std::span<const float> class_weights, Batch& to) const;
  // Where the row at a position of the window lies in held_.
  [[nodiscard]] std::size_t held_row(std::uint32_t position) const;
  void prefetch(std::size_t row) const;

  RowSource* source_;
  std::uint32_t number_;
  Range rows_;
  std::uint64_t seed_;
  std::uint64_t window_rows_;
  bool resident_;
  std::optional<LaneOrder> order_;
  LaneOrder::Window window_;
  std::uint32_t windows_begun_ = 0;
  std::size_t next_ = 0;  // in window_.rows
  FeatureRows held_;      // the lane in source order where it is resident, else the window's groups as read
};

}  // namespace millrace
