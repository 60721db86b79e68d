#include "scoring/comparison.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "scoring/columns.hpp"

namespace millrace {

namespace {

constexpr std::uint32_t kDroppedBits = 16;
constexpr std::uint32_t kAllButSign = 0x7fffffffU;

// The same order as the numbers have.
std::int32_t ordered_bits(std::int32_t bits) {
  return bits < 0 ? static_cast<std::int32_t>(static_cast<std::uint32_t>(bits) ^ kAllButSign) : bits;
}

double difference_of(std::span<const float> scores, std::span<const float> against) {
  double largest = 0;
  for (std::size_t i = 0; i < scores.size(); ++i)
    largest = std::max(largest, std::abs(double{scores[i]} - double{against[i]}));
  return largest;
}

std::size_t bin_of(double difference) {
  const auto& ends = Comparison::kEnds;
  return static_cast<std::size_t>(std::upper_bound(ends.begin(), ends.end(), difference) - ends.begin());
}

// Where it stands among the rows that differ most: those before it stand before it in the sources too.
void keep_most(std::vector<DifferentRow>& most, DifferentRow row) {
  const auto at = std::upper_bound(most.begin(), most.end(), row,
                                   [](const auto& a, const auto& b) { return a.difference > b.difference; });
  if (at == most.end() && most.size() == kShownDifferentRows) return;
  most.insert(at, std::move(row));
  if (most.size() > kShownDifferentRows) most.pop_back();
}

bool enters(const std::vector<DifferentRow>& most, double difference) {
  return difference > 0 && (most.size() < kShownDifferentRows || difference > most.back().difference);
}

void add_cells(PredictionCells& to, const PredictionCells& from) {
  for (const auto& [cell, count] : from) to[cell] += count;
}

}  // namespace

std::int32_t cell_of(float prediction) {
  return ordered_bits(std::bit_cast<std::int32_t>(prediction + 0.0F)) >> kDroppedBits;  // −0 is 0
}

float lower_edge(std::int32_t cell) {
  return std::bit_cast<float>(
      ordered_bits(static_cast<std::int32_t>(static_cast<std::uint32_t>(cell) << kDroppedBits)));
}

void Comparison::add(const TargetPlan& target, std::span<const float> scores, std::span<const float> against,
                     const std::string& file, std::uint64_t row) {
  const double difference = difference_of(scores, against);
  const bool has_classes = target.task != "regression";
  const auto classes = has_classes ? std::pair(class_of(target, scores), class_of(target, against))
                                   : std::pair(std::size_t{0}, std::size_t{0});
  const bool is_number = scores.size() == 1;
  ++rows;
  equal += difference == 0 ? 1 : 0;
  other_class += classes.first != classes.second ? 1 : 0;
  sum += difference;
  largest = std::max(largest, difference);
  ++bins.at(bin_of(difference));
  ++first[is_number ? cell_of(scores[0]) : static_cast<std::int32_t>(classes.first)];
  ++second[is_number ? cell_of(against[0]) : static_cast<std::int32_t>(classes.second)];
  if (enters(most, difference))
    keep_most(most,
              {file, row, difference, {scores.begin(), scores.end()}, {against.begin(), against.end()}});
}

void Comparison::merge(const Comparison& later) {
  rows += later.rows;
  unfit += later.unfit;
  equal += later.equal;
  other_class += later.other_class;
  sum += later.sum;
  largest = std::max(largest, later.largest);
  for (std::size_t i = 0; i < kBins; ++i) bins.at(i) += later.bins.at(i);
  add_cells(first, later.first);
  add_cells(second, later.second);
  for (const DifferentRow& row : later.most) keep_most(most, row);
}

void to_json(Json& json, const DifferentRow& row) {
  json = {{"file", row.file},
          {"row", row.row},
          {"difference", row.difference},
          {"scores", row.scores},
          {"against", row.against}};
}

void from_json(const Json& json, DifferentRow& row) {
  row = {json.at("file"), json.at("row"), json.at("difference"), json.at("scores"), json.at("against")};
}

void to_json(Json& json, const Comparison& comparison) {
  json = {{"rows", comparison.rows},     {"unfit", comparison.unfit},
          {"equal", comparison.equal},   {"other_class", comparison.other_class},
          {"sum", comparison.sum},       {"largest", comparison.largest},
          {"bins", comparison.bins},     {"first", comparison.first},
          {"second", comparison.second}, {"most", comparison.most}};
}

void from_json(const Json& json, Comparison& comparison) {
  comparison = {json.at("rows"),   json.at("unfit"),   json.at("equal"), json.at("other_class"),
                json.at("sum"),    json.at("largest"), json.at("bins"),  json.at("first"),
                json.at("second"), json.at("most")};
}

}  // namespace millrace
