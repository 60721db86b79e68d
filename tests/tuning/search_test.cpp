#include "tuning/search.hpp"

#include <gtest/gtest.h>

#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;

struct Kind {
  std::string search;
  std::string scheduler;
};

class SearchOfKind : public testing::TestWithParam<Kind> {
 protected:
  [[nodiscard]] TuningConfig config() const { return example(GetParam().search, GetParam().scheduler); }
  [[nodiscard]] Json undisturbed() const {
    Search search = example_search(config());
    run(search, 1, 0);
    return decisions(search);
  }
};

TEST_P(SearchOfKind, DecidesTheSameInWhateverOrderResultsArrive) {
  const Json expected = undisturbed();
  EXPECT_EQ(expected.size(), 40U);
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    Search search = example_search(config());
    run(search, 1 + seed % 9, seed);
    EXPECT_TRUE(search.is_over());
    EXPECT_EQ(decisions(search), expected) << seed;
  }
}

TEST_P(SearchOfKind, GoesOnFromAnyResultAsIfItHadNotStopped) {
  const Json expected = undisturbed();
  for (std::size_t results = 0; results < 60; ++results) {
    Search before = example_search(config());
    run(before, 3, results, results);
    Search after = example_search(config());
    for (std::uint32_t trial = 0; trial < before.trials().size(); ++trial)
      for (std::uint32_t rung = 0; rung < before.trials()[trial].results.size(); ++rung)
        after.record(trial, rung, before.trials()[trial].results[rung]);
    run(after, 2, results + 100);
    EXPECT_EQ(decisions(after), expected) << results;
  }
}

TEST_P(SearchOfKind, FourGroupsSeldomWait) {
  Search search = example_search(config());
  // All groups take as long for a rung as it has epochs: the time that four take is near a quarter.
  std::vector<std::pair<std::uint64_t, Segment>> running;  // end, segment
  std::uint64_t now = 0;
  std::uint64_t work = 0;
  for (;;) {
    for (const Segment& segment : search.ready()) {
      const bool runs = std::ranges::any_of(
          running, [&](const auto& other) { return other.second.trial == segment.trial; });
      if (runs || running.size() == 4) continue;
      const std::uint64_t epochs = segment.until_epoch - search.trials()[segment.trial].epochs();
      running.emplace_back(now + epochs, segment);
      work += epochs;
    }
    if (running.empty()) break;
    const auto first = std::ranges::min_element(running, {}, [](const auto& one) { return one.first; });
    now = first->first;
    const Segment done = first->second;
    running.erase(first);
    search.record(done.trial, done.rung, outcome(done));
  }
  EXPECT_TRUE(search.is_over());
  // The last trials end alone: at most the epochs of one trial more.
  EXPECT_LE(now, work / 4 + 2 * 64) << work;
}

INSTANTIATE_TEST_SUITE_P(All, SearchOfKind,
                         testing::Values(Kind{"tpe", "asha"}, Kind{"tpe", "median"}, Kind{"tpe", "none"},
                                         Kind{"random", "asha"}, Kind{"grid", "asha"},
                                         Kind{"random", "none"}),
                         [](const auto& tested) {
                           return tested.param.search + "_" + tested.param.scheduler;
                         });

TEST(Search, BeginsWithTheConfigurationAsItStandsAndRunsItToItsEnd) {
  Search search = example_search(example());
  ASSERT_FALSE(search.ready().empty());
  EXPECT_TRUE(search.ready().front().assignment.empty());
  run(search, 4, 1);
  EXPECT_EQ(search.trials().front().state, TrialState::kDone);
  EXPECT_EQ(search.trials().front().results.size(), search.trials().front().rungs.size());
}

TEST(Search, NoTwoTrialsAreEqual) {
  TuningConfig config = example();
  config.space = {{"mode", choice({"a", "b", "c"})}, {"d", integer(1, 3)}};
  Search search = example_search(config);
  run(search, 2, 1);
  EXPECT_EQ(search.trials().size(), 1U + 9U);  // and then there are no more
}

TEST(Search, AFailedTrialEndsAloneAndIsNotTheBest) {
  Search search = example_search(example("random", "none"));
  std::uint32_t failed = 0;
  while (!search.ready().empty()) {
    const Segment segment = search.ready().front();
    Result result = outcome(segment);
    if (segment.trial % 3 == 0) {
      result = {};
      result.error = "no";
      ++failed;
    }
    search.record(segment.trial, segment.rung, result);
  }
  EXPECT_EQ(search.trials().size(), 40U);
  EXPECT_EQ(std::ranges::count(search.trials(), TrialState::kFailed, &Trial::state), failed);
  EXPECT_NE(*search.best() % 3, 0U);
}

TEST(Search, EndsWhenItsEpochsAreSpentAndGoesOnUnderAHigherLimit) {
  Search whole = example_search(example());
  run(whole, 1, 0);
  TuningConfig limited = example();
  limited.limits.epochs = whole.epochs() / 3;
  for (const std::size_t groups : {1U, 2U, 4U}) {
    Search search = example_search(limited);
    run(search, groups, groups);
    EXPECT_FALSE(search.is_over());
    EXPECT_TRUE(search.is_spent());
    EXPECT_LT(search.epochs(), *limited.limits.epochs + groups * 48);  // the longest segment: from 16 to 64
    Search again = example_search(example());
    for (std::uint32_t trial = 0; trial < search.trials().size(); ++trial)
      for (std::uint32_t rung = 0; rung < search.trials()[trial].results.size(); ++rung)
        again.record(trial, rung, search.trials()[trial].results[rung]);
    run(again, groups, 9);
    EXPECT_EQ(decisions(again), decisions(whole));
  }
}

TEST(Search, GoesOnWithFewerTrialsThanItHas) {
  Search whole = example_search(example());
  run(whole, 1, 0, 20);
  TuningConfig fewer = example();
  fewer.trials = 1;
  Search search = example_search(fewer);
  for (std::uint32_t trial = 0; trial < whole.trials().size(); ++trial)
    for (std::uint32_t rung = 0; rung < whole.trials()[trial].results.size(); ++rung)
      search.record(trial, rung, whole.trials()[trial].results[rung]);
  EXPECT_GT(search.trials().size(), 1U);
  run(search, 1, 0);
  EXPECT_TRUE(search.is_over());
}

TEST(Search, AScoreMayBeOneWhereLargerIsBetter) {
  Search search(example("random", "none"), {true, 8});
  while (!search.ready().empty()) {
    const Segment segment = search.ready().front();
    Result result;
    result.score = segment.trial == 17 ? 1.0 : 0.5;
    search.record(segment.trial, segment.rung, result);
  }
  EXPECT_EQ(search.best(), 17U);
}

TEST(Search, RefusesAResultThatWasNotToCome) {
  Search search = example_search(example());
  EXPECT_THROW(search.record(0, 1, {}), Error);
  EXPECT_THROW(search.record(39, 0, {}), Error);
}

TEST(Search, ResultsReadBack) {
  Result result = outcome({3, 1, 4, {{"x", 0.1}}});
  result.seconds = 0.25;
  EXPECT_EQ(Json(Json(result).get<Result>()), Json(result));
  Result failed;
  failed.error = "no";
  EXPECT_EQ(Json(Json(failed).get<Result>()), Json(failed));
}

}  // namespace
}  // namespace millrace::tuning
