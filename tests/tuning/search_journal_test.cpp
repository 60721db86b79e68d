#include "tuning/search_journal.hpp"

#include <filesystem>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"
#include "tuning/searches.hpp"

namespace millrace::tuning {
namespace {

using namespace testing_support;
using millrace::testing_support::TemporaryFolder;
namespace fs = std::filesystem;

SearchJournal journal_in(const std::string& folder, const std::string& job) {
  return {folder, job, example_search(example())};
}

void work(SearchJournal& journal, std::size_t most = 1'000'000) {
  for (; most > 0; --most) {
    const auto segment = journal.claim();
    if (!segment) return;
    journal.finish(*segment, outcome(*segment));
  }
}

Json undisturbed() {
  Search search = example_search(example());
  run(search, 1, 0);
  return decisions(search);
}

TEST(SearchJournal, TheSettingsAreThoseThatItWasBegunWith) {
  const TemporaryFolder folder;
  const JournalEntry first = SearchJournal::begin(folder / "journal", {{"a", 1}});
  EXPECT_EQ(first.content().at("settings"), Json({{"a", 1}}));
  const JournalEntry again = SearchJournal::begin(folder / "journal", {{"a", 2}});
  EXPECT_EQ(again.content().at("settings"), Json({{"a", 1}}));
  EXPECT_EQ(again.digest, first.digest);
  EXPECT_NE(SearchJournal::begin(folder / "other", {{"a", 1}}).digest, first.digest);
}

TEST(SearchJournal, TwoGroupsOfAJobNeverTakeTheSameSegment) {
  const TemporaryFolder folder;
  SearchJournal one = journal_in(folder.path(), "job");
  SearchJournal two = journal_in(folder.path(), "job");
  std::set<std::pair<std::uint32_t, std::uint32_t>> taken;
  while (!one.search().is_over()) {
    const auto first = one.claim();
    const auto second = two.claim();
    for (const auto& segment : {first, second}) {
      if (!segment) continue;
      EXPECT_TRUE(taken.emplace(segment->trial, segment->rung).second);
    }
    if (second) two.finish(*second, outcome(*second));
    if (first) one.finish(*first, outcome(*first));
  }
  EXPECT_EQ(decisions(one.search()), undisturbed());
}

TEST(SearchJournal, GoesOnFromEachOfItsPrefixes) {
  const TemporaryFolder folder;
  SearchJournal whole = journal_in(folder / "whole", "first");
  whole.begin_job({});
  work(whole);
  const Json expected = undisturbed();
  ASSERT_EQ(decisions(whole.search()), expected);
  const auto entries = Journal(folder / "whole", "search").read();
  for (std::size_t kept = 0; kept < entries.size(); kept += 7) {
    const std::string copy = folder / fmt::format("prefix-{}", kept);
    fs::create_directories(copy);
    for (std::size_t i = 0; i < kept; ++i)
      fs::copy_file((folder / "whole") + "/" + Journal::entry_name(i + 1),
                    copy + "/" + Journal::entry_name(i + 1));
    SearchJournal again = journal_in(copy, "second");
    work(again);
    EXPECT_TRUE(again.search().is_over());
    EXPECT_EQ(decisions(again.search()), expected) << kept;
  }
}

TEST(SearchJournal, ClaimsOfAKilledJobHoldUpNobody) {
  const TemporaryFolder folder;
  SearchJournal killed = journal_in(folder.path(), "first");
  const auto claimed = killed.claim();
  ASSERT_TRUE(claimed);
  SearchJournal next = journal_in(folder.path(), "second");
  const auto again = next.claim();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->trial, claimed->trial);
  next.finish(*again, outcome(*again));
  killed.finish(*claimed, outcome(*claimed));  // it was not dead at all: nothing is lost, nothing twice
  next.read();
  EXPECT_EQ(next.search().trials()[0].results.size(), 1U);
}

TEST(SearchJournal, JobsThatLiveNeverTakeTheSameSegment) {
  const TemporaryFolder folder;
  SearchJournal one = journal_in(folder.path(), "one");
  SearchJournal two = journal_in(folder.path(), "two");
  bool one_lives = true;
  one.respect_jobs([](const std::string&) { return true; });
  two.respect_jobs([&](const std::string& job) { return job == "one" && one_lives; });
  const auto first = one.claim();
  const auto second = two.claim();
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->trial, second->trial);
  two.finish(*second, outcome(*second));
  one_lives = false;
  const auto again = two.claim();
  ASSERT_TRUE(again);
  EXPECT_EQ(again->trial, first->trial);
}

TEST(SearchJournal, TwoJobsDivideTheWorkAndDecideAsOne) {
  const TemporaryFolder folder;
  SearchJournal one = journal_in(folder.path(), "one");
  SearchJournal two = journal_in(folder.path(), "two");
  std::size_t done = 0;
  for (SearchJournal* journal : {&one, &two}) {
    journal->respect_jobs([](const std::string&) { return true; });
    journal->listen([&, journal](std::uint32_t, const Result&) { done += journal == &one ? 1 : 0; });
  }
  std::size_t claims = 0;
  while (!one.search().is_over()) {
    for (SearchJournal* journal : {&one, &two}) {
      const auto segment = journal->claim();
      if (!segment) continue;
      ++claims;
      journal->finish(*segment, outcome(*segment));
    }
    one.read();
  }
  EXPECT_EQ(claims, done);
  EXPECT_EQ(decisions(one.search()), undisturbed());
}

TEST(SearchJournal, AHaltStopsItsOwnJobAlone) {
  const TemporaryFolder folder;
  SearchJournal one = journal_in(folder.path(), "first");
  SearchJournal other = journal_in(folder.path(), "second");
  one.halt("the disk is full");
  EXPECT_FALSE(one.claim());
  EXPECT_TRUE(one.is_halted());
  EXPECT_TRUE(other.claim());
}

TEST(SearchJournal, ValuesThatDoNotFollowAreFound) {
  const TemporaryFolder folder;
  SearchJournal journal = journal_in(folder.path(), "first");
  work(journal, 5);
  TuningConfig other = example();
  other.seed = 99;
  SearchJournal reader(folder.path(), "second", example_search(other));
  try {
    reader.read();
    FAIL();
  } catch (const Error& error) {
    millrace::testing_support::expect_topic(error, Topic::kDamagedJournal);
    EXPECT_NE(error.message().find("trial "), std::string::npos) << error.message();
  }
}

}  // namespace
}  // namespace millrace::tuning
