#include "drift/column_counter.hpp"

namespace millrace {

LevelCounter::LevelCounter(std::shared_ptr<const LevelDistribution> known, std::size_t limit)
    : known_(std::move(known)), limit_(limit) {}

void LevelCounter::add(const std::string& level, std::uint64_t times) {
  if (full_ && !known_->rows.contains(level)) {
    other_ += times;
    return;
  }
  rows_[level] += times;
  if (!full_ && rows_.size() > limit_) keep_known_ones_alone();
}

void LevelCounter::keep_known_ones_alone() {
  full_ = true;
  std::erase_if(rows_, [&](const auto& level) {
    if (known_->rows.contains(level.first)) return false;
    other_ += level.second;
    return true;
  });
}

void LevelCounter::merge(const LevelCounter& other) {
  if (other.full_ && !full_) keep_known_ones_alone();
  for (const auto& [level, times] : other.rows_) add(level, times);
  other_ += other.other_;
}

LevelDistribution LevelCounter::distribution() const {
  return {{rows_.begin(), rows_.end()}, other_};
}

Json LevelCounter::state() const {
  return {full_, rows_, other_};
}

void LevelCounter::merge_state(const Json& state) {
  LevelCounter other(known_, limit_);
  state.at(0).get_to(other.full_);
  for (const auto& [level, times] : state.at(1).items()) other.rows_[level] = times.get<std::uint64_t>();
  state.at(2).get_to(other.other_);
  merge(other);
}

}  // namespace millrace
