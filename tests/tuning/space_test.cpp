#include "tuning/space.hpp"

#include <set>

#include <gtest/gtest.h>

#include "support/topics.hpp"
#include "tuning/sampler.hpp"
#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;

TEST(SearchSpace, ParametersFollowThoseThatTheyDependOn) {
  const SearchSpace space({{"a", only_when(uniform(0, 1), "b", true)},
                           {"b", only_when(choice({true, false}), "c", 1)},
                           {"c", choice({1, 2})}});
  std::vector<std::string> keys;
  for (const Parameter& parameter : space.parameters()) keys.push_back(parameter.key());
  EXPECT_EQ(keys, (std::vector<std::string>{"c", "b", "a"}));
}

TEST(SearchSpace, AConditionalParameterHasAValueExactlyWhereItCounts) {
  const auto sampler = make_sampler(example("random"), SearchSpace(example().space));
  int with = 0;
  for (std::uint64_t trial = 1; trial <= 200; ++trial) {
    const Assignment values = *sampler->suggest(trial, 0, {});
    EXPECT_EQ(values.contains("d"), values.at("mode") == "b");
    with += values.contains("d") ? 1 : 0;
  }
  EXPECT_GT(with, 50);
  EXPECT_LT(with, 150);
}

TEST(SearchSpace, TheGridHasEachPointOnce) {
  const SearchSpace space(example("grid").space);
  std::set<Assignment> points;
  std::uint64_t index = 0;
  for (auto point = space.grid_point(0); point; point = space.grid_point(++index)) points.insert(*point);
  const std::size_t y_steps = *space.parameters().back().levels();
  EXPECT_EQ(points.size(), 5 * y_steps * (1 + 6));  // x: 5, mode a: 1, mode b: 6 of d
  EXPECT_EQ(index, points.size());
}

TEST(SearchSpace, AGridNeedsSteps) {
  const SearchSpace space(example().space);
  try {
    (void)space.grid_point(0);
    FAIL();
  } catch (const Error& error) {
    millrace::testing_support::expect_topic(error, Topic::kSearchSpace);
    EXPECT_NE(error.message().find("'x'"), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace millrace::tuning
