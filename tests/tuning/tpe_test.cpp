#include "tuning/tpe.hpp"

#include <algorithm>
#include <numeric>

#include <gtest/gtest.h>

#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;

double best_score(TuningConfig config, std::uint64_t seed) {
  config.seed = seed;
  config.trials = 80;
  Search search = example_search(config);
  run(search, 1, 1);
  return *search.trials()[*search.best()].score();
}

TEST(Tpe, DrawsLikeTheRandomSearchBeforeItKnowsEnough) {
  const TuningConfig config = example();
  const SearchSpace space(config.space);
  const TpeSampler tpe(space, 1, 5);
  const auto random = make_sampler(example("random"), space);
  const std::vector<Assignment> four(4, *random->suggest(1, 0, {}));
  EXPECT_EQ(tpe.suggest(9, 0, four), random->suggest(9, 0, {}));
  const std::vector<Assignment> five(5, four[0]);
  EXPECT_NE(tpe.suggest(9, 0, five), random->suggest(9, 0, {}));
}

TEST(Tpe, ValuesStayInTheSpaceWhateverIsKnown) {
  const SearchSpace space(example().space);
  const TpeSampler tpe(space, 3, 2);
  std::vector<Assignment> known;
  for (std::uint64_t trial = 1; trial < 120; ++trial) {
    const Assignment values = *tpe.suggest(trial, 0, known);
    EXPECT_GE(values.at("x").get<double>(), 0);
    EXPECT_LE(values.at("x").get<double>(), 1);
    EXPECT_GE(values.at("y").get<double>(), 1e-4);
    EXPECT_LE(values.at("y").get<double>(), 1);
    EXPECT_EQ(values.contains("d"), values.at("mode") == "b");
    known.insert(known.begin() + static_cast<std::ptrdiff_t>(trial % (known.size() + 1)), values);
  }
}

TEST(Tpe, DrawsNearWhatWasGood) {
  const SearchSpace space({{"x", uniform(0, 1)}});
  const TpeSampler tpe(space, 1, 1);
  std::vector<Assignment> known;
  for (int i = 0; i < 3; ++i) known.push_back({{"x", 0.5 + 0.001 * i}});
  for (int i = 0; i < 27; ++i) known.push_back({{"x", (i + 0.5) / 27}});
  int near = 0;
  for (std::uint64_t trial = 0; trial < 100; ++trial)
    near += std::abs(tpe.suggest(trial, 0, known)->at("x").get<double>() - 0.5) < 0.1 ? 1 : 0;
  EXPECT_GT(near, 80);  // 20 by chance
}

TEST(Tpe, FindsMoreThanRandomSearch) {
  int wins = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed)
    wins += best_score(example("tpe", "none"), seed) < best_score(example("random", "none"), seed) ? 1 : 0;
  EXPECT_GE(wins, 15);  // by chance with probability 0.02
}

}  // namespace
}  // namespace millrace::tuning
