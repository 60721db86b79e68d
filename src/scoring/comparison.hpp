// Shadow scoring: how the answers of a second model differ from those of the first, for the same rows.
//
// All counts are integers, and sums are added up over blocks and parts in their order: what is merged does
// not depend on the number of ranks or threads.
//
// The difference of a row is the absolute difference of its two predictions; with many classes, the largest
// among those of the classes' probabilities.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "base/json.hpp"
#include "features/plan.hpp"

namespace millrace {

// A row whose answers differ much.
struct DifferentRow {
  std::string file;
  std::uint64_t row = 0;
  double difference = 0;
  std::vector<float> scores;   // the first model's
  std::vector<float> against;  // the second's
};
void to_json(Json& json, const DifferentRow& row);
void from_json(const Json& json, DifferentRow& row);
inline constexpr std::size_t kShownDifferentRows = 10;

// How many of a model's predictions lie in each cell: a number's cell has its sign, its exponent and the
// seven bits behind the first of its mantissa (cells are at most 0.8 % wide); with many classes, the
// likeliest one's index.
using PredictionCells = std::map<std::int32_t, std::uint64_t>;
std::int32_t cell_of(float prediction);
float lower_edge(std::int32_t cell);  // the smallest of its numbers

struct Comparison {
  // Of differences: each bin is below its end, and one more is behind the last.
  static constexpr std::array kEnds{1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1, 1e0,
                                    1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8};
  static constexpr std::size_t kBins = kEnds.size() + 1;

  std::uint64_t rows = 0;
  std::uint64_t unfit = 0;        // that the second model refused, and are in none of the other numbers
  std::uint64_t equal = 0;        // to the bit
  std::uint64_t other_class = 0;  // rows whose class differs
  double sum = 0;
  double largest = 0;
  std::array<std::uint64_t, kBins> bins{};
  PredictionCells first;
  PredictionCells second;
  std::vector<DifferentRow> most;  // by difference, then as they stand in the sources

  // The next row. `scores` and `against` are one row's.
  void add(const TargetPlan& target, std::span<const float> scores, std::span<const float> against,
           const std::string& file, std::uint64_t row);
  // Of rows behind these.
  void merge(const Comparison& later);
};
void to_json(Json& json, const Comparison& comparison);
void from_json(const Json& json, Comparison& comparison);

// The population stability index of the second model's predictions over `bins` of the first's:
// the sum over bins of (q − p)·ln(q / p), with shares of which each has half a row added, so that none is 0.
double population_shift(const std::vector<std::uint64_t>& first, const std::vector<std::uint64_t>& second);

// What people and programs read: rows, agreement, differences, the population and its shift, the rows that
// differ most. Numbers are cut at the deciles of the first model's predictions (at the cell's edge); classes
// are counted each.
Json report_of(const Comparison& comparison, const TargetPlan& target);
// The same in words.
std::string report_text(const Json& report);

}  // namespace millrace
