#include "deployment/endpoint_journal.hpp"

#include <thread>

#include <gtest/gtest.h>

#include "base/file.hpp"
#include "base/publish.hpp"
#include "deployment/endpoint_changes.hpp"
#include "support/temporary_folder.hpp"
#include "versions.hpp"

namespace millrace {
namespace {

using testing_support::version;

class JournalOfEndpoint : public testing::Test {
 protected:
  static EndpointJournal::Maker switch_to(std::uint64_t number) {
    return [number](const Standing& now) {
      return EndpointChange{"deploy", version(number), "it is new",
                            switched(now.state, "churn", version(number))};
    };
  }
  EndpointJournal journal() { return {folder_.path(), "churn"}; }
  std::optional<EndpointState> shown() { return read_endpoint(folder_.path(), "churn"); }

  testing_support::TemporaryFolder folder_;
};

TEST_F(JournalOfEndpoint, TheNewestEntryIsWhatServersAreShown) {
  EndpointJournal journal = this->journal();
  EXPECT_FALSE(journal.standing().state);
  for (const std::uint64_t number : {1, 2, 3}) {
    const auto state = journal.change(switch_to(number)).state;
    EXPECT_EQ(state, shown());
    EXPECT_EQ(state->generation, number);
    EXPECT_EQ(state->current, version(number));
  }
  EXPECT_EQ(shown()->previous, version(2));
  EXPECT_EQ(this->journal().standing().state, shown());
  EXPECT_EQ(journal.entries().size(), 3U);
}

TEST_F(JournalOfEndpoint, NoChangeIsNoEntryAndNoGeneration) {
  EndpointJournal journal = this->journal();
  journal.change(switch_to(1));
  journal.change([](const Standing&) { return std::nullopt; });
  EXPECT_EQ(journal.entries().size(), 1U);
  journal.change([](const Standing& now) {
    return EndpointChange{"window", version(1), "looked at", *now.state, {{"seconds", 3}}};
  });
  EXPECT_EQ(journal.entries().size(), 2U);
  EXPECT_EQ(shown()->generation, 1U);
}

TEST_F(JournalOfEndpoint, AnEndpointFromBeforeJournalsGoesOn) {
  publish_file(folder_ / "deploy/churn/state.json",
               Json{{"endpoint", "churn"},
                    {"current", Json(switched({}, "churn", version(5)))["current"]},
                    {"previous", nullptr}}
                   .dump());
  EndpointJournal journal = this->journal();
  EXPECT_EQ(journal.standing().state->current, version(5));
  journal.change(switch_to(6));
  EXPECT_EQ(shown()->previous, version(5));
  EXPECT_EQ(shown()->generation, 1U);
}

// A writer that was killed between its entry and the file.
TEST_F(JournalOfEndpoint, TheNextWriterShowsWhatAKilledOneHasWritten) {
  journal().change(switch_to(1));
  const std::string before = read_file(folder_ / "deploy/churn/state.json");
  journal().change(switch_to(2));
  for (const std::string& left : {before, std::string("{"), std::string()}) {
    publish_file(folder_ / "deploy/churn/state.json", left);
    journal().change([](const Standing&) { return std::nullopt; });
    EXPECT_EQ(shown()->current, version(2));
  }
}

TEST_F(JournalOfEndpoint, OfManyWritersNoneIsLostAndAllEndWithTheSameState) {
  constexpr std::uint64_t kWriters = 4;
  constexpr std::uint64_t kEach = 10;
  std::vector<std::thread> writers;
  for (std::uint64_t writer = 0; writer < kWriters; ++writer) {
    writers.emplace_back([&, writer] {
      EndpointJournal mine = journal();
      for (std::uint64_t i = 1; i <= kEach; ++i) mine.change(switch_to(writer * kEach + i));
    });
  }
  for (std::thread& writer : writers) writer.join();
  EXPECT_EQ(journal().entries().size(), kWriters * kEach);
  EXPECT_EQ(shown()->generation, kWriters * kEach);
  EXPECT_EQ(journal().standing().state, shown());
}

TEST_F(JournalOfEndpoint, APauseLastsUntilSomethingElseHappens) {
  EndpointJournal journal = this->journal();
  const auto note = [&](const char* type) {
    journal.change([type](const Standing& now) { return EndpointChange{type, version(1), "", *now.state}; });
    return journal.standing().paused;
  };
  journal.change(switch_to(1));
  EXPECT_TRUE(note("pause"));
  EXPECT_TRUE(note("window"));
  EXPECT_FALSE(note("resume"));
  EXPECT_TRUE(note("pause"));
  EXPECT_FALSE(note("promote"));
}

TEST_F(JournalOfEndpoint, RemembersWhatWasRolledBackUntilItIsDeployedAgain) {
  EndpointJournal journal = this->journal();
  journal.change(switch_to(1));
  journal.change(switch_to(2));
  journal.change([](const Standing& now) {
    return EndpointChange{"rollback", version(2), "it was slow", rolled_back(*now.state, "later")};
  });
  EXPECT_EQ(shown()->current.version, 1U);
  const Standing again = this->journal().standing();
  ASSERT_TRUE(again.refused.contains(version(2).artifact));
  EXPECT_NE(again.refused.at(version(2).artifact).find("it was slow"), std::string::npos);
  journal.change(switch_to(2));
  EXPECT_TRUE(journal.standing().refused.empty());
}

TEST_F(JournalOfEndpoint, AnAlteredEntryIsFound) {
  EndpointJournal journal = this->journal();
  for (const std::uint64_t number : {1, 2, 3}) journal.change(switch_to(number));
  const std::string path = folder_ / "deploy/churn/journal/000000002.json";
  std::string text = read_file(path);
  text.replace(text.find("it is new"), 9, "it is old");
  publish_file(path, text);
  EXPECT_THROW((void)this->journal().standing(), Error);
}

}  // namespace
}  // namespace millrace
