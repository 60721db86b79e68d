#include "tuning/importance.hpp"

#include <gtest/gtest.h>

#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;

// A search over three parameters, whose score is `score` of the values.
template <class Score>
std::vector<Importance> importance_of(Score score) {
  TuningConfig config = example("random", "none");
  config.space = {{"mode", choice({"a", "b", "c"})}, {"x", uniform(0, 1)}, {"z", uniform(0, 1)}};
  config.trials = 200;
  Search search = example_search(config);
  while (!search.ready().empty()) {
    const Segment segment = search.ready().front();
    Result result;
    result.score = segment.trial == 0 ? 0.5 : score(segment.assignment);
    search.record(segment.trial, segment.rung, result);
  }
  return importance(SearchSpace(config.space), search, false);
}

TEST(Importance, NamesWhatTheScoreDependsOn) {
  const auto all = importance_of([](const Assignment& values) { return values.at("x").get<double>(); });
  EXPECT_EQ(all.at(0).key, "x");
  EXPECT_GT(all.at(0).share, 0.85);  // what four groups of an even spread explain: 15/16
  EXPECT_LT(all.at(1).share, 0.1);
  EXPECT_EQ(all.at(0).trials, 199U);
}

TEST(Importance, SeesAnOptimumInTheMiddle) {
  const auto all = importance_of([](const Assignment& values) {
    return std::abs(values.at("z").get<double>() - 0.5) + (values.at("mode") == "a" ? 0.1 : 0.0);
  });
  EXPECT_EQ(all.at(0).key, "z");
  EXPECT_EQ(all.at(1).key, "mode");
  EXPECT_GT(all.at(1).share, all.at(2).share);
}

TEST(Importance, IsNothingWhereAllScoresAreEqual) {
  for (const Importance& one : importance_of([](const Assignment&) { return 0.5; })) EXPECT_EQ(one.share, 0);
}

}  // namespace
}  // namespace millrace::tuning
