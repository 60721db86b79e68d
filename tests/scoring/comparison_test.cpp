#include "scoring/comparison.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <gtest/gtest.h>

namespace millrace {
namespace {

TargetPlan target_of(const std::string& task) {
  TargetPlan target;
  target.task = task;
  if (task == "binary") target.classes = {"No", "Yes"};
  if (task == "multiclass") target.classes = {"a", "b", "c"};
  return target;
}

struct Pair {
  std::vector<float> first;
  std::vector<float> second;
};

// Predictions and others near them, some of them equal.
std::vector<Pair> random_pairs(std::size_t rows, std::size_t outputs, float scale) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> value(0, 1);
  std::vector<Pair> pairs;
  for (std::size_t i = 0; i < rows; ++i) {
    Pair pair;
    for (std::size_t k = 0; k < outputs; ++k) {
      pair.first.push_back(scale * value(random));
      const float step = i % 3 == 0 ? 0 : 0.1F * scale * (value(random) - 0.5F);
      pair.second.push_back(std::max(0.0F, pair.first.back() + step));
    }
    pairs.push_back(pair);
  }
  return pairs;
}

Comparison compared(const TargetPlan& target, const std::vector<Pair>& pairs, std::size_t from,
                    std::size_t to) {
  Comparison comparison;
  for (std::size_t i = from; i < to; ++i) comparison.add(target, pairs[i].first, pairs[i].second, "f.csv", i);
  return comparison;
}

Comparison in_parts(const TargetPlan& target, const std::vector<Pair>& pairs, std::size_t size) {
  Comparison all;
  for (std::size_t from = 0; from < pairs.size(); from += size)
    all.merge(compared(target, pairs, from, std::min(from + size, pairs.size())));
  return all;
}

TEST(Comparison, AgreesWithADirectComputation) {
  const TargetPlan target = target_of("binary");
  const auto pairs = random_pairs(5000, 1, 1);
  const Comparison comparison = in_parts(target, pairs, 777);
  double sum = 0;
  double largest = 0;
  std::uint64_t other = 0;
  std::uint64_t equal = 0;
  std::uint64_t below_a_hundredth = 0;
  for (const Pair& pair : pairs) {
    const double difference = std::abs(double{pair.first[0]} - double{pair.second[0]});
    sum += difference;
    largest = std::max(largest, difference);
    other += (pair.first[0] >= 0.5F) != (pair.second[0] >= 0.5F) ? 1U : 0U;
    equal += pair.first == pair.second ? 1U : 0U;
    below_a_hundredth += difference < 0.01 ? 1U : 0U;
  }
  const Json report = report_of(comparison, target);
  EXPECT_EQ(report["rows"], pairs.size());
  EXPECT_EQ(report["equal"], equal);
  EXPECT_EQ(report["other_class"], other);
  EXPECT_DOUBLE_EQ(report["agreement"], 1 - static_cast<double>(other) / 5000);
  EXPECT_EQ(report["largest_difference"], largest);
  EXPECT_NEAR(report["mean_difference"].get<double>(), sum / 5000, 1e-12);  // sums of 5,000 doubles below 1
  std::uint64_t counted = 0;
  std::uint64_t all = 0;
  for (const Json& bin : report["differences"]) {
    all += bin["rows"].get<std::uint64_t>();
    if (!bin["below"].is_null() && bin["below"] <= 0.01) counted += bin["rows"].get<std::uint64_t>();
  }
  EXPECT_EQ(counted, below_a_hundredth);
  EXPECT_EQ(all, pairs.size());
}

TEST(Comparison, NamesTheRowsThatDifferMost) {
  const TargetPlan target = target_of("multiclass");
  auto pairs = random_pairs(3000, 3, 1);
  for (const std::size_t row : {2999U, 5U, 1500U}) pairs[row].second[1] = pairs[row].first[1] + 5;
  std::vector<std::pair<double, std::size_t>> expected;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    double difference = 0;
    for (std::size_t k = 0; k < 3; ++k)
      difference = std::max(difference, std::abs(double{pairs[i].first[k]} - double{pairs[i].second[k]}));
    expected.emplace_back(-difference, i);
  }
  std::sort(expected.begin(), expected.end());
  for (const std::size_t size : {1U, 100U, 3000U}) {
    const Comparison comparison = in_parts(target, pairs, size);
    ASSERT_EQ(comparison.most.size(), kShownDifferentRows);
    for (std::size_t i = 0; i < kShownDifferentRows; ++i) {
      EXPECT_EQ(comparison.most[i].row, expected[i].second) << size;
      EXPECT_EQ(comparison.most[i].difference, -expected[i].first);
      EXPECT_EQ(comparison.most[i].scores, pairs[expected[i].second].first);
    }
  }
}

TEST(Comparison, DoesNotDependOnHowPartsAreTold) {
  for (const char* task : {"binary", "multiclass", "regression"}) {
    const TargetPlan target = target_of(task);
    const auto pairs = random_pairs(1000, target.task == "multiclass" ? 3 : 1, 1e4F);
    Comparison told;
    for (std::size_t from = 0; from < 1000; from += 100) {
      const Json json = compared(target, pairs, from, from + 100);
      told.merge(Json::parse(json.dump()).get<Comparison>());
    }
    EXPECT_EQ(Json(told), Json(in_parts(target, pairs, 100))) << task;
    EXPECT_EQ(report_of(told, target)["other_class"].is_null(), target.task == "regression");
    EXPECT_FALSE(report_text(report_of(told, target)).empty());
  }
}

TEST(Comparison, CellsAreInTheOrderOfNumbersAndNarrow) {
  std::vector<float> numbers{-3e38F, -7.5F, -1e-30F, 0.0F, 1e-40F, 0.1F, 0.1007F, 0.5F, 1.0F, 3e38F};
  for (std::size_t i = 0; i + 1 < numbers.size(); ++i)
    EXPECT_LE(cell_of(numbers[i]), cell_of(numbers[i + 1]));
  EXPECT_EQ(cell_of(-0.0F), cell_of(0.0F));
  for (const float number : numbers) {
    EXPECT_LE(lower_edge(cell_of(number)), number);
    EXPECT_EQ(cell_of(lower_edge(cell_of(number))), cell_of(number));
    EXPECT_GT(lower_edge(cell_of(number) + 1), number);
    if (number > 1e-30F) {
      EXPECT_LE(number, lower_edge(cell_of(number)) * 1.008F);
    }
  }
}

TEST(Comparison, CutsThePopulationAtDeciles) {
  const TargetPlan target = target_of("regression");
  const auto pairs = random_pairs(10000, 1, 100);
  const Json population = report_of(in_parts(target, pairs, 10000), target)["population"];
  ASSERT_EQ(population["borders"].size(), 9U);
  const auto rows = population["rows"].get<std::vector<std::uint64_t>>();
  const auto other = population["rows_against"].get<std::vector<std::uint64_t>>();
  const auto borders = population["borders"].get<std::vector<float>>();
  std::vector<std::uint64_t> first(10);
  std::vector<std::uint64_t> second(10);
  for (const Pair& pair : pairs) {
    ++first.at(static_cast<std::size_t>(std::upper_bound(borders.begin(), borders.end(), pair.first[0]) -
                                        borders.begin()));
    ++second.at(static_cast<std::size_t>(std::upper_bound(borders.begin(), borders.end(), pair.second[0]) -
                                         borders.begin()));
  }
  EXPECT_EQ(rows, first);
  EXPECT_EQ(other, second);
  for (const std::uint64_t count : rows)
    EXPECT_NEAR(static_cast<double>(count), 1000, 100);  // a cell is 0.8 % wide
  EXPECT_EQ(population["shift"], population_shift(first, second));
}

TEST(Comparison, ShiftIsZeroForEqualSharesAndGrowsWithDistance) {
  EXPECT_EQ(population_shift({10, 20, 30}, {10, 20, 30}), 0);
  const double little = population_shift({100, 100}, {110, 90});
  const double much = population_shift({100, 100}, {180, 20});
  EXPECT_GT(little, 0);
  EXPECT_GT(much, little);
  const double p = 100.5 / 201;
  const double q = 180.5 / 201;
  EXPECT_DOUBLE_EQ(much, (q - p) * std::log(q / p) + (p - q) * std::log((1 - q) / (1 - p)));
  EXPECT_TRUE(std::isfinite(population_shift({100, 0}, {0, 100})));
}

}  // namespace
}  // namespace millrace
