// Counts a column's values in bounded memory: one by one up to a limit; beyond, numbers in a grid and texts
// by the levels of the reference. What is counted depends on the values alone: not on their order, nor on how
// they were divided among counters.
#pragma once

#include <limits>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "drift/column_distribution.hpp"
#include "statistics/number_counts.hpp"
#include "table/column.hpp"

namespace millrace {

// Ascending points, none of them twice: those of a reference and more beyond both of its ends, farther and
// farther apart.
struct NumberGrid {
  std::vector<double> points;

  explicit NumberGrid(const NumberDistribution& reference);
};

class NumberCounter {
 public:
  // `limit`: different values that are kept one by one; 0: the grid takes all.
  NumberCounter(std::shared_ptr<const NumberGrid> grid, std::size_t limit);

  void add(double value, std::uint64_t times = 1);  // finite
  void merge(const NumberCounter& other);           // with the same grid and limit
  [[nodiscard]] NumberDistribution distribution() const;

  [[nodiscard]] Json state() const;
  void merge_state(const Json& state);

 private:
  [[nodiscard]] bool in_grid() const { return !at_.empty(); }
  void add_to_grid(double value, std::uint64_t times);
  void change_to_grid();
  [[nodiscard]] NumberDistribution kept() const;
  [[nodiscard]] NumberDistribution gridded() const;

  std::shared_ptr<const NumberGrid> grid_;
  std::size_t limit_;
  NumberCounts kept_;
  std::vector<std::uint64_t> at_;       // of the grid's points; empty while values are kept
  std::vector<std::uint64_t> between_;  // [i]: below point i and above the one before; one more than points
  double min_ = std::numeric_limits<double>::infinity();
  double max_ = -std::numeric_limits<double>::infinity();
};

class LevelCounter {
 public:
  // `known`: the reference's levels, which are counted in any case.
  LevelCounter(std::shared_ptr<const LevelDistribution> known, std::size_t limit);

  void add(const std::string& level, std::uint64_t times);
  void merge(const LevelCounter& other);
  [[nodiscard]] LevelDistribution distribution() const;

  [[nodiscard]] Json state() const;
  void merge_state(const Json& state);

 private:
  void keep_known_ones_alone();

  std::shared_ptr<const LevelDistribution> known_;
  std::size_t limit_;
  bool full_ = false;  // more than `limit` levels have occurred
  std::unordered_map<std::string, std::uint64_t> rows_;
  std::uint64_t other_ = 0;
};

// One column against its reference.
class ColumnCounter {
 public:
  ColumnCounter(const ColumnDistribution& reference, std::size_t limit);

  // All rows of a column of the reference's type, or those where keep[i] != 0. Numbers that are not finite
  // count as missing.
  void add(const Column& column, const std::vector<std::uint8_t>& keep = {});
  void merge(const ColumnCounter& other);
  [[nodiscard]] ColumnDistribution distribution() const;

  // For another rank's counter of the same column: as CBOR, since extremes may be infinite.
  [[nodiscard]] Json state() const;
  void merge_state(const Json& state);
  void set_state(const Json& state);  // instead of what was counted here

 private:
  void add_numbers(const Column& column, const std::vector<std::uint8_t>& keep);
  void add_texts(const Column& column, const std::vector<std::uint8_t>& keep);
  void add_booleans(const Column& column, const std::vector<std::uint8_t>& keep);

  std::string name_;
  ColumnType type_;
  std::size_t limit_;
  std::shared_ptr<const NumberGrid> grid_;
  std::shared_ptr<const LevelDistribution> known_;
  std::uint64_t rows_ = 0;
  std::uint64_t missing_ = 0;
  NumberCounter numbers_;
  LevelCounter levels_;
};

}  // namespace millrace
