// Groups of ranks at one search, on 1 to 4 ranks.
#include "tuning/groups.hpp"

#include <chrono>
#include <filesystem>
#include <thread>

#include <gtest/gtest.h>

#include "base/signals.hpp"
#include "base/topics.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"
#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;
using millrace::testing_support::expect_topic;
using millrace::testing_support::TemporaryFolder;

// One folder for all ranks.
class TuningGroups : public testing::Test {
 protected:
  [[nodiscard]] SearchJournal journal(const std::string& job) const {
    std::string folder = own_.path();
    comm_.broadcast(folder);
    return {folder, job, example_search(example())};
  }
  // What the search has come to, read anew on every rank.
  [[nodiscard]] Json result() const {
    SearchJournal reader = journal("reader");
    comm_.barrier();
    reader.read();
    return decisions(reader.search());
  }
  static Json undisturbed() {
    Search search = example_search(example());
    run(search, 1, 0);
    return decisions(search);
  }
  void TearDown() override {
    comm_.barrier();  // the folder is the first rank's
    clear_stop_request();
    lift_time_limit();
  }

  Communicator comm_ = Communicator::world();
  TemporaryFolder own_;
};

Result slow_outcome(const Communicator& group, const Segment& segment) {
  std::this_thread::sleep_for(std::chrono::microseconds(500 * ((segment.trial * 7 + segment.rung) % 5)));
  group.barrier();
  return outcome(segment);
}

TEST_F(TuningGroups, DecideAsOneGroupAlone) {
  for (const int ranks_per_trial : {1, 2}) {
    if (comm_.size() % ranks_per_trial != 0) continue;
    const TemporaryFolder own;
    std::string folder = own.path();
    comm_.broadcast(folder);
    SearchJournal shared(folder, "job", example_search(example()));
    run_groups(comm_, ranks_per_trial, shared, slow_outcome);
    SearchJournal reader(folder, "reader", example_search(example()));
    reader.read();
    EXPECT_EQ(decisions(reader.search()), undisturbed());
    comm_.barrier();
  }
}

TEST_F(TuningGroups, AFailingTrialIsRecordedAndTheSearchGoesOn) {
  SearchJournal shared = journal("job");
  run_groups(comm_, 1, shared, [](const Communicator&, const Segment& segment) {
    if (segment.trial == 1) throw Error(Topic::kDiverged, "the training loss is nan");
    return outcome(segment);
  });
  const Json trials = result();
  EXPECT_EQ(trials.size(), 40U);
  EXPECT_EQ(trials.at(1).at(1), "failed");
}

TEST_F(TuningGroups, AnErrorOfTheMachineEndsTheSearchOnAllRanksAndItGoesOnLater) {
  SearchJournal shared = journal("first");
  try {
    run_groups(comm_, 1, shared, [](const Communicator&, const Segment& segment) {
      if (segment.trial == 3) throw Error(Topic::kDiskFull, "no space left");
      return outcome(segment);
    });
    FAIL();
  } catch (const Error& error) {
    expect_topic(error, Topic::kDiskFull);
  }
  comm_.barrier();
  SearchJournal again = journal("second");
  run_groups(comm_, 1, again, slow_outcome);
  EXPECT_EQ(result(), undisturbed());
}

TEST_F(TuningGroups, AStopLeavesTheRestForLater) {
  SearchJournal shared = journal("first");
  std::uint32_t done = 0;
  try {
    run_groups(comm_, 1, shared, [&](const Communicator&, const Segment& segment) {
      if (++done == 4) request_stop();
      return outcome(segment);
    });
    ADD_FAILURE() << "it was not stopped";
  } catch (const Error& error) {
    expect_topic(error, Topic::kStopped);
  }
  comm_.barrier();
  clear_stop_request();
  SearchJournal again = journal("second");
  run_groups(comm_, 1, again, slow_outcome);
  EXPECT_EQ(result(), undisturbed());
}

TEST_F(TuningGroups, WhenTimeIsUpTheSearchEndsWithWhatItHas) {
  SearchJournal shared = journal("first");
  stop_after(0.05);
  run_groups(comm_, 1, shared, [](const Communicator&, const Segment& segment) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return outcome(segment);
  });
  lift_time_limit();
  const Json trials = result();
  EXPECT_NE(trials, undisturbed());
  EXPECT_EQ(trials.at(0).at(0), Json::object());
}

TEST_F(TuningGroups, RanksThatMakeNoWholeGroupsAreRefused) {
  SearchJournal shared = journal("job");
  try {
    run_groups(comm_, comm_.size() + 1, shared, slow_outcome);
    FAIL();
  } catch (const Error& error) {
    expect_topic(error, Topic::kContradiction);
  }
}

}  // namespace
}  // namespace millrace::tuning
