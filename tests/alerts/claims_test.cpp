// Several processes, and processes that are killed: nobody is told twice what he took, and nothing is lost.
#include <chrono>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include <gtest/gtest.h>
#include <signal.h>

#include "alerts/outbox.hpp"
#include "alerts/receiver.hpp"
#include "base/file.hpp"
#include "base/host.hpp"
#include "base/publish.hpp"
#include "support/process.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::BackgroundProcess;
using testing_support::Receiver;
using testing_support::run_process;
using testing_support::TemporaryFolder;

Alert some_alert(const std::string& cause) {
  return {cause, AlertLevel::kAlert, "subject", "text"};
}

class Claims : public testing::Test {
 protected:
  [[nodiscard]] std::string workspace() const { return folder_ / "workspace"; }
  std::vector<std::string> raiser(const std::string& cause, int first, int count) {
    return {MILLRACE_RAISER, workspace(),           receiver_.url(),
            cause,           std::to_string(first), std::to_string(count)};
  }

  TemporaryFolder folder_;
  Receiver receiver_;
};

TEST_F(Claims, OfManyProcessesThatRaiseTheSameOneTells) {
  receiver_.delay = 0.05;
  std::vector<std::unique_ptr<BackgroundProcess>> processes;
  for (int i = 0; i < 8; ++i)
    processes.push_back(
        std::make_unique<BackgroundProcess>(raiser("same", 0, 1), folder_ / ("log-" + std::to_string(i))));
  for (const auto& process : processes) EXPECT_EQ(process->wait(60), 0);
  EXPECT_EQ(receiver_.told(), std::vector<std::string>{"raised same"});
}

TEST_F(Claims, OfManyProcessesWithAlertsOfTheirOwnAllIsToldOnce) {
  constexpr int kEach = 10;
  std::vector<std::unique_ptr<BackgroundProcess>> processes;
  for (const char* cause : {"a", "b", "c", "d"})
    processes.push_back(std::make_unique<BackgroundProcess>(raiser(cause, 0, kEach), folder_ / cause));
  for (const auto& process : processes) EXPECT_EQ(process->wait(60), 0);
  const auto told = receiver_.told();
  EXPECT_EQ(told.size(), 4U * kEach);
  EXPECT_EQ(std::set<std::string>(told.begin(), told.end()).size(), 4U * kEach);
}

// As SIGKILL at the worst moment: the receiver has it, the outbox does not know. It comes again, with its id.
TEST_F(Claims, KilledBetweenDeliveryAndRecordItIsToldAgainWithTheSameId) {
  const std::string file = folder_ / "told";
  publish_file(folder_ / "hook", "cat >>" + file + "; test -e " + file + ".again || { touch " + file +
                                     ".again; kill -9 $PPID; sleep 5; }\n");
  std::vector<std::string> command{MILLRACE_RAISER, workspace(), "", "a", "0", "1", "sh", folder_ / "hook"};
  EXPECT_EQ(run_process(command).exit_code, 128 + SIGKILL);
  EXPECT_EQ(run_process(command).exit_code, 0);
  EXPECT_EQ(run_process(command).exit_code, 0);
  std::vector<std::string> ids;
  const std::string told = read_file(file);
  for (auto at = told.find("\"id\": \""); at != std::string::npos; at = told.find("\"id\": \"", at + 1))
    ids.push_back(told.substr(at + 7, 32));
  ASSERT_EQ(ids.size(), 2U) << told;
  EXPECT_EQ(ids[0], ids[1]);
}

TEST_F(Claims, KilledAtAnyMomentNothingIsLost) {
  constexpr int kCount = 30;
  receiver_.delay = 0.002;
  for (int kill = 0; kill < 10; ++kill) {
    BackgroundProcess process(raiser("a", 0, kCount), folder_ / "log");
    std::this_thread::sleep_for(std::chrono::milliseconds(10 + 9 * kill));
    process.signal(SIGKILL);
    (void)process.wait(60);
  }
  EXPECT_EQ(run_process(raiser("a", 0, kCount)).exit_code, 0);
  std::map<std::string, std::string> first_id;  // cause → id
  std::vector<std::string> causes;              // as they first came
  for (const Json& message : receiver_.taken()) {
    const auto [known, is_new] = first_id.emplace(message["cause"], message["id"]);
    EXPECT_EQ(known->second, message["id"]);
    if (is_new) causes.push_back(known->first);
  }
  std::vector<std::string> expected;
  for (int i = 0; i < kCount; ++i) expected.push_back("a/" + std::to_string(i));
  EXPECT_EQ(causes, expected);
}

TEST_F(Claims, OfAnotherHostHoldUntilTheirTimeIsOver) {
  const Workspace place{workspace()};
  AlertOutbox outbox(place);
  outbox.raise(some_alert("a"), "", {"mail-1", "mail-2"});
  const auto claimed_elsewhere = [&](const std::string& channel, double seconds) {
    Journal(place.path("alerts"), "alerts").append({}, [&](const auto& entries) -> std::optional<Json> {
      if (entries.empty()) return std::nullopt;
      if (entries.back().content()["type"] == "claim" && entries.back().content()["channel"] == channel)
        return std::nullopt;
      return Json{
          {"type", "claim"}, {"channel", channel}, {"host", "elsewhere"}, {"pid", 1}, {"seconds", seconds}};
    });
  };
  claimed_elsewhere("mail-1", 3600);
  claimed_elsewhere("mail-2", 0.001);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  EXPECT_FALSE(outbox.claim("mail-1", 60));
  EXPECT_TRUE(outbox.claim("mail-2", 60));
  EXPECT_FALSE(outbox.claim("mail-3", 60));  // for which nothing waits
}

TEST_F(Claims, EndWithTheLastMessageAndNotBefore) {
  AlertOutbox outbox{Workspace(workspace())};
  AlertOutbox other{Workspace(workspace())};
  outbox.raise(some_alert("a"), "", {"mail-1"});
  ASSERT_TRUE(outbox.claim("mail-1", 60));
  const auto first = outbox.next("mail-1");
  other.raise(some_alert("b"), "", {"mail-1"});  // meanwhile
  outbox.told("mail-1", first->number, 60);
  EXPECT_TRUE(outbox.standing().channels.at("mail-1").claim.has_value());
  const auto second = outbox.next("mail-1");
  ASSERT_TRUE(second);
  EXPECT_EQ(second->alert.cause, "b");
  outbox.told("mail-1", second->number, 60);
  EXPECT_FALSE(outbox.standing().channels.at("mail-1").claim.has_value());
  EXPECT_FALSE(outbox.next("mail-1"));
}

}  // namespace
}  // namespace millrace
