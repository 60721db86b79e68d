#include "drift/column_counter.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

namespace millrace {

namespace {

bool is_kept(const std::vector<std::uint8_t>& keep, std::size_t row) {
  return keep.empty() || keep[row] != 0;
}

// A counter of numbers takes all into its grid where the reference is one itself: nothing more could be told.
std::size_t limit_for(const ColumnDistribution& reference, std::size_t limit) {
  return reference.of_levels() || reference.exact() ? limit : 0;
}

}  // namespace

ColumnCounter::ColumnCounter(const ColumnDistribution& reference, std::size_t limit)
    : name_(reference.name),
      type_(reference.type),
      limit_(limit_for(reference, limit)),
      grid_(std::make_shared<NumberGrid>(reference.numbers)),
      known_(std::make_shared<LevelDistribution>(reference.levels)),
      numbers_(grid_, limit_),
      levels_(known_, limit_) {}

void ColumnCounter::add(const Column& column, const std::vector<std::uint8_t>& keep) {
  if (type_.kind == TypeKind::kText) return add_texts(column, keep);
  if (type_.kind == TypeKind::kBoolean) return add_booleans(column, keep);
  add_numbers(column, keep);
}

void ColumnCounter::add_numbers(const Column& column, const std::vector<std::uint8_t>& keep) {
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!is_kept(keep, row)) continue;
    ++rows_;
    const double value = column.is_valid(row) ? column.number(row) : std::nan("");
    std::isfinite(value) ? numbers_.add(value) : void(++missing_);
  }
}

void ColumnCounter::add_texts(const Column& column, const std::vector<std::uint8_t>& keep) {
  std::vector<std::uint64_t> of_code(column.dictionary.size());
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!is_kept(keep, row)) continue;
    ++rows_;
    column.is_valid(row) ? void(++of_code[static_cast<std::size_t>(column.codes[row])]) : void(++missing_);
  }
  for (std::size_t code = 0; code < of_code.size(); ++code) {
    if (of_code[code] > 0) levels_.add(std::string(column.dictionary[code]), of_code[code]);
  }
}

void ColumnCounter::add_booleans(const Column& column, const std::vector<std::uint8_t>& keep) {
  std::uint64_t of_value[2] = {0, 0};
  for (std::size_t row = 0; row < column.size(); ++row) {
    if (!is_kept(keep, row)) continue;
    ++rows_;
    column.is_valid(row) ? void(++of_value[column.integers[row] != 0 ? 1 : 0]) : void(++missing_);
  }
  if (of_value[0] > 0) levels_.add("false", of_value[0]);
  if (of_value[1] > 0) levels_.add("true", of_value[1]);
}

void ColumnCounter::merge(const ColumnCounter& other) {
  rows_ += other.rows_;
  missing_ += other.missing_;
  numbers_.merge(other.numbers_);
  levels_.merge(other.levels_);
}

ColumnDistribution ColumnCounter::distribution() const {
  ColumnDistribution column{name_, type_, rows_, missing_, {}, {}};
  if (column.of_levels()) {
    column.levels = levels_.distribution();
  } else {
    column.numbers = numbers_.distribution();
  }
  return column;
}

Json ColumnCounter::state() const {
  return {rows_, missing_, has_levels(type_) ? levels_.state() : numbers_.state()};
}

void ColumnCounter::merge_state(const Json& state) {
  rows_ += state.at(0).get<std::uint64_t>();
  missing_ += state.at(1).get<std::uint64_t>();
  has_levels(type_) ? levels_.merge_state(state.at(2)) : numbers_.merge_state(state.at(2));
}

void ColumnCounter::set_state(const Json& state) {
  rows_ = 0;
  missing_ = 0;
  numbers_ = NumberCounter(grid_, limit_);
  levels_ = LevelCounter(known_, limit_);
  merge_state(state);
}

}  // namespace millrace
