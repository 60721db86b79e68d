#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include "base/random.hpp"
#include "evaluation/metrics.hpp"

namespace millrace {
namespace {

struct Rows {
  std::vector<float> scores;
  std::vector<float> targets;
  void add(float score, bool positive) {
    scores.push_back(score);
    targets.push_back(positive ? 1.0F : 0.0F);
  }
};

// Every pair of a positive and a negative row, as the definition says.
double brute_force(const Rows& rows) {
  double sum = 0;
  double pairs = 0;
  for (std::size_t p = 0; p < rows.scores.size(); ++p) {
    for (std::size_t n = 0; n < rows.scores.size(); ++n) {
      if (rows.targets[p] == 0 || rows.targets[n] != 0) continue;
      sum += rows.scores[p] > rows.scores[n] ? 2 : rows.scores[p] == rows.scores[n] ? 1 : 0;
      pairs += 2;
    }
  }
  return sum / pairs;
}

// This rank's rows when row i lies on rank owner(i).
template <class Owner>
double distributed(const Rows& rows, Owner owner) {
  const auto world = Communicator::world();
  Rows mine;
  for (std::size_t i = 0; i < rows.scores.size(); ++i) {
    if (owner(i) == world.rank()) mine.add(rows.scores[i], rows.targets[i] != 0);
  }
  return exact_auc(world, mine.scores, mine.targets);
}

void expect_exact(const Rows& rows) {
  const int ranks = Communicator::world().size();
  const double expected = brute_force(rows);
  EXPECT_EQ(distributed(rows, [&](std::size_t i) { return static_cast<int>(i) % ranks; }), expected);
  EXPECT_EQ(distributed(rows, [&](std::size_t) { return ranks - 1; }), expected) << "the others are empty";
  const auto world_seeded = [&](std::size_t i) {
    return static_cast<int>(philox(7, 0, i)[0] % static_cast<std::uint32_t>(ranks));
  };
  EXPECT_EQ(distributed(rows, world_seeded), expected);
}

TEST(ExactAuc, EqualsBruteForceOnProbabilities) {
  CounterRandom random(1);
  Rows rows;
  for (int i = 0; i < 700; ++i) {
    const double score = random.uniform();
    rows.add(static_cast<float>(score), random.uniform() < score);
  }
  expect_exact(rows);
}

TEST(ExactAuc, CountsTiesHalf) {
  CounterRandom random(2);
  for (const std::uint64_t levels : {1U, 2U, 5U}) {
    Rows rows;
    for (int i = 0; i < 301; ++i) {
      rows.add(static_cast<float>(random.below(levels)) / 8 - 0.25F, random.below(3) == 0);
    }
    expect_exact(rows);
  }
}

TEST(ExactAuc, TakesAnyFloat) {
  CounterRandom random(3);
  constexpr float kInfinity = std::numeric_limits<float>::infinity();
  const std::vector<float> values{0.0F,       -0.0F, 1e-45F, -1e-45F, kInfinity,
                                  -kInfinity, 3e38F, -3e38F, 1.0F,    std::nextafter(1.0F, 2.0F)};
  Rows rows;
  for (int i = 0; i < 200; ++i) rows.add(values[random.below(values.size())], random.below(2) == 0);
  expect_exact(rows);
}

TEST(ExactAuc, OfTheSmallestData) {
  Rows rows;
  rows.add(0.3F, true);
  rows.add(0.7F, false);
  expect_exact(rows);
  EXPECT_EQ(brute_force(rows), 0);
}

TEST(ExactAuc, IsNotDefinedForOneClassOrNoRows) {
  const auto world = Communicator::world();
  EXPECT_TRUE(std::isnan(exact_auc(world, {}, {})));
  EXPECT_TRUE(std::isnan(exact_auc(world, {0.1F, 0.9F}, {1, 1})));
  EXPECT_TRUE(std::isnan(exact_auc(world, {0.1F, 0.9F}, {0, 0})));
}

// Each rank alone has one class only.
TEST(ExactAuc, NeedsBothClassesSomewhereNotEverywhere) {
  const auto world = Communicator::world();
  const bool positive = world.rank() == world.size() - 1;
  std::vector<float> scores{0.25F, 0.5F};
  std::vector<float> targets{positive ? 1.0F : 0.0F, positive ? 1.0F : 0.0F};
  const double auc = exact_auc(world, scores, targets);
  if (world.size() == 1) {
    EXPECT_TRUE(std::isnan(auc));
  } else {
    EXPECT_EQ(auc, 0.5);
  }
}

TEST(ExactAuc, RefusesDifferentLengthsOnEveryRank) {
  const auto world = Communicator::world();
  const std::vector<float> targets(world.is_root() ? 1 : 0);
  EXPECT_THROW(exact_auc(world, {}, targets), Error);
}

}  // namespace
}  // namespace millrace
