#include "training/lane.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "training/class_weights.hpp"

namespace millrace {

namespace {

void clear(FeatureRows& rows) {
  rows.rows = 0;
  rows.numeric.clear();
  rows.categorical.clear();
  rows.target.clear();
  rows.weight.clear();
  rows.row.clear();
}

template <class T>
void append_row(const std::vector<T>& from, std::size_t row, std::size_t width, std::vector<T>& to) {
  const auto first = from.begin() + static_cast<std::ptrdiff_t>(row * width);
  to.insert(to.end(), first, first + static_cast<std::ptrdiff_t>(width));
}

}  // namespace

Lane::Lane(RowSource& source, std::uint32_t number, Range rows, std::uint64_t seed, std::uint64_t window_rows)
    : source_(&source),
      number_(number),
      rows_(rows),
      seed_(seed),
      window_rows_(std::max(window_rows, kGroupRows)),
      resident_(rows.size() <= window_rows_) {
  if (resident_) source_->read(rows_, held_);
}

void Lane::start(std::uint64_t epoch, std::uint64_t position) {
  order_.emplace(seed_, epoch, number_, rows_.size(), window_rows_);
  windows_begun_ = 0;
  next_ = position;
  while (next_window() && next_ >= window_.rows.size()) next_ -= window_.rows.size();
  if (!resident_) read_window();
}

bool Lane::next_window() {
  window_ = {};
  if (windows_begun_ == order_->windows()) return false;
  window_ = order_->window(windows_begun_++);
  return true;
}

void Lane::read_window() {
  clear(held_);
  for (const std::uint32_t group : window_.groups) {
    const std::uint64_t first = rows_.first + group * kGroupRows;
    source_->read({first, first + order_->group_rows(group)}, held_);
  }
}

void Lane::take(std::uint64_t count, std::uint64_t step, std::span<const float> class_weights, Batch& to) {
  for (; count > 0; --count) {
    if (next_ == window_.rows.size()) {
      if (!next_window()) return;
      next_ = 0;
      if (!resident_) read_window();
    }
    append(window_.rows[next_++], step, class_weights, to);
  }
}

void Lane::append(std::uint32_t position, std::uint64_t step, std::span<const float> class_weights,
                  Batch& to) const {
  const std::uint64_t lane_row = window_.lane_row(position);
  const std::size_t row = resident_ ? lane_row : position;
  append_row(held_.numeric, row, held_.n_numeric, to.numeric);
  append_row(held_.categorical, row, held_.n_categorical, to.categorical);
  to.target.push_back(held_.target[row]);
  to.weight.push_back(held_.weight[row] * class_weight(class_weights, held_.target[row]));
  to.dropout_key.push_back(derive_key({seed_, step, number_, lane_row}));
  ++to.rows;
}

}  // namespace millrace
