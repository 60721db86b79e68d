#include "alerts/alerts.hpp"

#include <gtest/gtest.h>

#include "alerts/receiver.hpp"
#include "base/faults.hpp"
#include "base/log.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Receiver;
using testing_support::TemporaryFolder;
using Lines = std::vector<std::string>;

Alert alert(const std::string& cause, AlertLevel level = AlertLevel::kAlert) {
  return {cause, level, "about " + cause, "text", {{"value", 0.5}}};
}

class AlertsTest : public testing::Test {
 protected:
  void SetUp() override { set_up_logging(LogLevel::kError); }
  [[nodiscard]] Workspace workspace() const { return Workspace(folder_ / "workspace"); }
  [[nodiscard]] Alerts alerts() {
    return {workspace(), receiver_.config(), [this] { return now_; }};
  }
  [[nodiscard]] std::size_t entries() const {
    return Journal(folder_ / "workspace/alerts", "alerts").read().size();
  }

  TemporaryFolder folder_;
  Receiver receiver_;
  double now_ = alert_time();
};

TEST_F(AlertsTest, AreToldOncePerCauseAndRunUntilResolved) {
  for (int i = 0; i < 3; ++i) alerts().raise(alert("a"));
  for (int i = 0; i < 3; ++i) alerts().raise(alert("a"), "run-1");
  alerts().raise(alert("a"), "run-2");
  alerts().raise(alert("b"));
  EXPECT_EQ(receiver_.told(), (Lines{"raised a", "raised a", "raised a", "raised b"}));
  alerts().resolve("a", "gone");
  alerts().resolve("a", "gone");
  alerts().raise(alert("a"));
  EXPECT_EQ(receiver_.told(),
            (Lines{"raised a", "raised a", "raised a", "raised b", "resolved a", "raised a"}));
  const auto taken = receiver_.taken();
  EXPECT_EQ(taken[0]["run"], nullptr);
  EXPECT_EQ(taken[1]["run"], "run-1");
  EXPECT_EQ(taken[1]["subject"], "about a");
  EXPECT_EQ(taken[1]["level"], "alert");
  EXPECT_EQ(taken[1]["details"], (Json{{"value", 0.5}}));
  EXPECT_EQ(taken[4]["text"], "gone");
  std::set<std::string> ids;
  for (const Json& message : taken) ids.insert(message["id"]);
  EXPECT_EQ(ids.size(), taken.size());
}

TEST_F(AlertsTest, ALevelThatRisesIsToldAgainAndOneThatFallsIsNot) {
  for (const AlertLevel level :
       {AlertLevel::kAlert, AlertLevel::kRetrain, AlertLevel::kAlert, AlertLevel::kRetrain})
    alerts().raise(alert("a", level));
  ASSERT_EQ(receiver_.told(), (Lines{"raised a", "raised a"}));
  EXPECT_EQ(receiver_.taken()[0]["level"], "alert");
  EXPECT_EQ(receiver_.taken()[1]["level"], "retrain");
  alerts().resolve("a", "gone");
  EXPECT_EQ(receiver_.taken().at(2)["level"], "retrain");
}

TEST_F(AlertsTest, BelowTheLevelTheyAreRecordedAndNotSent) {
  alerts().raise(alert("a", AlertLevel::kWarn));
  EXPECT_EQ(receiver_.requests(), 0);
  Alerts again = alerts();
  const auto open = again.outbox().standing().open;
  ASSERT_EQ(open.size(), 1U);
  EXPECT_TRUE(open.begin()->second.channels.empty());
  again.resolve("a", "gone");  // whom nobody was told of
  EXPECT_EQ(receiver_.requests(), 0);
  EXPECT_TRUE(again.outbox().standing().open.empty());
  again.raise(alert("a", AlertLevel::kWarn));
  again.raise(alert("a", AlertLevel::kAlert));
  EXPECT_EQ(receiver_.told(), Lines{"raised a"});
}

TEST_F(AlertsTest, AReceiverThatWasDownForLongGetsAllOnceAndInOrder) {
  receiver_.status = 503;
  Lines expected;
  for (int i = 0; i < 60; ++i) {
    alerts().raise(alert(fmt::format("cause-{}", i)));
    expected.push_back(fmt::format("raised cause-{}", i));
    if (i % 3 != 0) continue;
    alerts().resolve(fmt::format("cause-{}", i), "gone");
    expected.push_back(fmt::format("resolved cause-{}", i));
  }
  EXPECT_TRUE(receiver_.told().empty());
  for (const auto& request : receiver_.seen())  // only the first is tried: the order is kept
    EXPECT_EQ(Json::parse(request.body)["cause"], "cause-0");
  now_ += 60;
  const auto failed = alerts().deliver();
  ASSERT_EQ(failed.size(), 1U);
  EXPECT_EQ(failed[0].failure, "the webhook answered 503");
  EXPECT_EQ(failed[0].waiting, expected.size());
  receiver_.status = 204;
  now_ += 120;
  const auto outcomes = alerts().deliver();
  EXPECT_EQ(outcomes.at(0).failure, "");
  EXPECT_EQ(outcomes.at(0).waiting, 0U);
  EXPECT_EQ(receiver_.told(), expected);
  alerts().deliver();
  EXPECT_EQ(receiver_.told(), expected);
}

TEST_F(AlertsTest, TheNextAlertDeliversWhatWaits) {
  receiver_.status = 500;
  alerts().raise(alert("a"));
  receiver_.status = 200;
  now_ += 60;
  alerts().raise(alert("b"));
  EXPECT_EQ(receiver_.told(), (Lines{"raised a", "raised b"}));
}

TEST_F(AlertsTest, ChannelsDoNotWaitForEachOther) {
  AlertsConfig config = receiver_.config();
  config.command = {"sh", "-c", "cat >>" + (folder_ / "told")};
  receiver_.status = 500;
  Alerts(workspace(), config, [this] { return now_; }).raise(alert("a"));
  EXPECT_NE(read_file(folder_ / "told").find("\"cause\": \"a\""), std::string::npos);
  receiver_.status = 200;
  config.command = {"false"};
  now_ += 60;
  Alerts(workspace(), config, [this] { return now_; }).raise(alert("b"));
  EXPECT_EQ(receiver_.told(), (Lines{"raised a", "raised b"}));
}

TEST_F(AlertsTest, WhoWasToldHearsOfTheEndFromAnotherConfigurationToo) {
  alerts().raise(alert("a"));
  AlertsConfig other;  // without channels
  Alerts(workspace(), other).resolve("a", "gone");
  EXPECT_EQ(receiver_.told(), Lines{"raised a"});
  alerts().deliver();
  EXPECT_EQ(receiver_.told(), (Lines{"raised a", "resolved a"}));
}

TEST_F(AlertsTest, OthersAreNotToldWhatWaitsForSomebodyElse) {
  receiver_.status = 500;
  alerts().raise(alert("a"));
  Receiver other;
  Alerts moved(workspace(), other.config());
  EXPECT_EQ(moved.deliver().at(0).waiting, 0U);
  EXPECT_TRUE(other.told().empty());
  moved.deliver({.moved = true});
  EXPECT_EQ(other.told(), Lines{"raised a"});
}

TEST_F(AlertsTest, WhatIsNoTextDoesNotStopThem) {
  Alert odd = alert("a\xFF");
  odd.text = std::string("\xC3\x28 \0 \x1B[31m", 10);
  odd.details["nan"] = std::nan("");
  alerts().raise(odd);
  ASSERT_EQ(receiver_.taken().size(), 1U);
  EXPECT_EQ(receiver_.taken()[0]["cause"], "a\xEF\xBF\xBD");
  EXPECT_EQ(receiver_.taken()[0]["details"]["nan"], nullptr);
}

// Whatever call fails: the alert is told, the outbox is sound, and the run goes on.
TEST_F(AlertsTest, AFullDiskLosesNothing) {
  for (int first = 1; first < 40; ++first) {
    const std::string cause = fmt::format("cause-{}", first);
    {
      Alerts some = alerts();
      FaultyOperations full(parse_fault_plan(fmt::format("write:{0}+:ENOSPC; sync:{0}+:ENOSPC", first)), 0);
      const ScopedFileOperations scope(full);
      EXPECT_NO_THROW(some.raise(alert(cause)));
    }
    EXPECT_NO_THROW(alerts().deliver());
    EXPECT_EQ(receiver_.told().back(), "raised " + cause) << first;
  }
  EXPECT_GT(entries(), 0U);
}

TEST_F(AlertsTest, AnOutboxOfAnotherVersionIsSaid) {
  const Journal journal(folder_ / "workspace/alerts", "alerts");
  ASSERT_TRUE(journal.publish({}, {{"type", "shout"}, {"channel", "mail-0"}}));
  try {
    alerts().deliver();
    ADD_FAILURE() << "no error";
  } catch (const Error& error) {
    testing_support::expect_topic(error, Topic::kDamagedJournal);
    EXPECT_NE(error.message().find("'shout'"), std::string::npos) << error.message();
  }
  EXPECT_NO_THROW(alerts().raise(alert("a")));  // told without a record
  EXPECT_EQ(receiver_.told(), Lines{"raised a"});
}

}  // namespace
}  // namespace millrace
