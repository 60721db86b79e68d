#include "training/lane.hpp"

#include <algorithm>

#include "base/random.hpp"
#include "training/class_weights.hpp"

namespace millrace {

namespace {

void grow(Batch& batch, std::size_t rows, const FeatureRows& like) {
  batch.rows += rows;
  batch.numeric.resize(batch.rows * like.n_numeric);
  batch.categorical.resize(batch.rows * like.n_categorical);
  batch.target.resize(batch.rows);
  batch.weight.resize(batch.rows);
  batch.dropout_key.resize(batch.rows);
}

template <class T>
void copy_row(const std::vector<T>& from, std::size_t row, std::size_t width, std::vector<T>& to,
              std::size_t at) {
  std::copy_n(from.data() + row * width, width, to.data() + at * width);
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
  held_.clear();
  for (const std::uint32_t group : window_.groups) {
    const std::uint64_t first = rows_.first + group * kGroupRows;
    source_->read({first, first + order_->group_rows(group)}, held_);
  }
}

void Lane::take(std::uint64_t count, std::uint64_t step, std::span<const float> class_weights, Batch& to) {
  while (count > 0) {
    if (next_ == window_.rows.size()) {
      if (!next_window()) return;
      next_ = 0;
      if (!resident_) read_window();
    }
    const std::size_t taken = std::min<std::uint64_t>(count, window_.rows.size() - next_);
    append(std::span(window_.rows).subspan(next_, taken), step, class_weights, to);
    next_ += taken;
    count -= taken;
  }
}

void Lane::append(std::span<const std::uint32_t> positions, std::uint64_t step,
                  std::span<const float> class_weights, Batch& to) const {
  constexpr std::size_t kAhead =
      16;  // rows lie anywhere: one is asked of memory so many rows before its turn
  std::size_t at = to.rows;
  grow(to, positions.size(), held_);
  for (std::size_t i = 0; i < positions.size(); ++i, ++at) {
    if (i + kAhead < positions.size()) prefetch(held_row(positions[i + kAhead]));
    const std::size_t row = held_row(positions[i]);
    copy_row(held_.numeric, row, held_.n_numeric, to.numeric, at);
    copy_row(held_.categorical, row, held_.n_categorical, to.categorical, at);
    to.target[at] = held_.target[row];
    to.weight[at] = held_.weight[row] * class_weight(class_weights, held_.target[row]);
    to.dropout_key[at] = derive_key({seed_, step, number_, window_.lane_row(positions[i])});
  }
}

std::size_t Lane::held_row(std::uint32_t position) const {
  return resident_ ? window_.lane_row(position) : position;
}

void Lane::prefetch(std::size_t row) const {
  constexpr std::size_t kLine = 16;  // floats of a cache line
  const float* numeric = held_.numeric.data() + row * held_.n_numeric;
  for (std::size_t i = 0; i < held_.n_numeric; i += kLine) __builtin_prefetch(numeric + i);
  __builtin_prefetch(held_.categorical.data() + row * held_.n_categorical);
  __builtin_prefetch(held_.target.data() + row);
  __builtin_prefetch(held_.weight.data() + row);
}

}  // namespace millrace
