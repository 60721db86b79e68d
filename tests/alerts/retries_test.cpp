// What a receiver does not take: when it is tried again, when it is set aside, and that nobody waits for it.
// The clock is the test's: hours pass at once.
#include <atomic>
#include <chrono>
#include <thread>

#include <gtest/gtest.h>

#include "alerts/alerts.hpp"
#include "alerts/receiver.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "support/temporary_folder.hpp"

namespace millrace {
namespace {

using testing_support::RawRequest;
using testing_support::RawServer;
using testing_support::Receiver;
using testing_support::TemporaryFolder;
using Told = std::vector<std::string>;

constexpr double kMinute = 60;
constexpr double kHour = 3600;
constexpr double kDay = 24 * kHour;

class Retries : public testing::Test {
 protected:
  void SetUp() override { set_up_logging(LogLevel::kError); }

  Alerts alerts(const AlertsConfig& config) {
    return {Workspace(folder_ / "workspace"), config, [this] { return now_; }};
  }
  Alerts alerts() { return alerts(receiver_.config()); }
  void raise(const std::string& cause) {
    alerts().raise({cause, AlertLevel::kAlert, "about " + cause, "text"});
  }
  ChannelStanding standing() {
    Alerts some = alerts();
    const auto channels = some.outbox().standing().channels;
    EXPECT_EQ(channels.size(), 1U);
    return channels.begin()->second;
  }

  TemporaryFolder folder_;
  Receiver receiver_;
  const double start_ = alert_time();
  double now_ = start_;
};

// A run every five minutes, and cron each minute.
TEST_F(Retries, AReceiverThatIsDownForAnHourIsTriedEverMoreSeldomAndGetsAll) {
  receiver_.status = 503;
  std::vector<int> attempts;  // minutes
  Told expected;
  for (int minute = 0; minute < 90; ++minute) {
    now_ = start_ + minute * kMinute;
    if (minute == 59) receiver_.status = 200;
    const int before = receiver_.requests();
    if (minute % 5 == 0) {
      const std::string cause = fmt::format("a/{:02}", minute);
      raise(cause);
      expected.push_back("raised " + cause);
    }
    alerts().deliver();
    if (minute < 59 && receiver_.requests() > before) attempts.push_back(minute);
  }
  EXPECT_EQ(attempts, (std::vector<int>{0, 1, 3, 7, 15, 30, 45}));
  EXPECT_EQ(receiver_.told(), expected);
  std::set<Json> ids;
  for (const Json& message : receiver_.taken()) ids.insert(message["id"]);
  EXPECT_EQ(ids.size(), expected.size());
  EXPECT_FALSE(standing().failing);
}

TEST_F(Retries, WhatIsRefusedIsSetAsideAtOnceAndHoldsNobodyUp) {
  receiver_.status = 404;
  raise("a");
  EXPECT_EQ(receiver_.requests(), 1);
  receiver_.status = 200;
  raise("b");
  now_ += kDay;
  alerts().deliver();
  EXPECT_EQ(receiver_.told(), Told{"raised b"});
  const ChannelStanding after = standing();
  ASSERT_EQ(after.refused.size(), 1U);
  EXPECT_EQ(after.refused[0].message->alert.cause, "a");
  EXPECT_EQ(after.refused[0].failure, "the webhook answered 404");
  EXPECT_TRUE(after.waiting.empty());
}

TEST_F(Retries, WhatWasRefusedIsSentAgainWhereSomebodyWantsIt) {
  receiver_.status = 401;
  for (const char* cause : {"a", "b"}) raise(cause);
  const std::string first = standing().refused.at(0).message->id;
  const auto still = alerts().deliver({.refused = true});
  EXPECT_EQ(still.at(0).refusal, "the webhook answered 401");
  EXPECT_EQ(still.at(0).refused, 2U);
  receiver_.status = 200;
  EXPECT_EQ(alerts().deliver().at(0).refused, 2U);
  EXPECT_TRUE(receiver_.told().empty());
  const auto sent = alerts().deliver({.refused = true});
  EXPECT_EQ(sent.at(0).refusal, "");
  EXPECT_EQ(sent.at(0).refused, 0U);
  EXPECT_EQ(receiver_.told(), (Told{"raised a", "raised b"}));
  EXPECT_EQ(receiver_.taken()[0]["id"], first);
}

// Between next and told of one process another one takes up again what was refused.
TEST_F(Retries, WhatIsTakenUpAgainMeanwhileIsNotTakenForTold) {
  AlertOutbox outbox{Workspace(folder_ / "workspace")};
  AlertOutbox other{Workspace(folder_ / "workspace")};
  for (const char* cause : {"a", "b"}) outbox.raise({cause, AlertLevel::kAlert, "s", "t"}, "", {"mail-1"});
  ASSERT_TRUE(outbox.claim("mail-1", 60));
  outbox.refused("mail-1", outbox.next("mail-1")->number, "no", 60);
  const auto second = outbox.next("mail-1");
  other.restore("mail-1");
  outbox.told("mail-1", second->number, 60);
  EXPECT_TRUE(outbox.standing().channels.at("mail-1").claim.has_value());
  const auto again = outbox.next("mail-1");
  ASSERT_TRUE(again);
  EXPECT_EQ(again->alert.cause, "a");
}

TEST_F(Retries, AReceiverThatAsksForTimeGetsIt) {
  receiver_.status = 429;
  receiver_.set_headers("Retry-After: 7200\r\n");
  raise("a");
  for (const double later : {kMinute, kHour, 7199.0}) {
    now_ = start_ + later;
    raise(fmt::format("at {}", later));
    EXPECT_EQ(alerts().deliver().at(0).failure.find("the webhook answered 429; the next attempt is due at "),
              0U);
  }
  EXPECT_EQ(receiver_.requests(), 1);
  receiver_.set_headers("Retry-After: 99999999\r\n");  // a day at most
  now_ = start_ + 7200;
  alerts().deliver();
  EXPECT_EQ(receiver_.requests(), 2);
  now_ += kDay;
  receiver_.status = 200;
  alerts().deliver();
  EXPECT_EQ(receiver_.told().size(), 4U);
}

TEST_F(Retries, AReceiverThatAsksForMoreThanAMomentIsNotTriedAgainAtOnce) {
  receiver_.status = 503;
  receiver_.set_headers("Retry-After: 60\r\n");
  AlertsConfig config = receiver_.config();
  config.webhook.attempts = 3;
  alerts(config).raise({"a", AlertLevel::kAlert, "s", "t"});
  EXPECT_EQ(receiver_.requests(), 1);
}

TEST_F(Retries, WhoeverDoesNotWantToWaitNeedNot) {
  receiver_.status = 500;
  raise("a");
  receiver_.status = 200;
  alerts().deliver();
  EXPECT_TRUE(receiver_.told().empty());
  alerts().deliver({.now = true});
  EXPECT_EQ(receiver_.told(), Told{"raised a"});
}

TEST_F(Retries, AMessageThatAlwaysFailsIsGivenUpAfterThreeDays) {
  receiver_.choke_on("a");
  raise("a");
  raise("b");
  for (; now_ < start_ + 3 * kDay - kHour; now_ += 6 * kHour) alerts().deliver();
  EXPECT_TRUE(receiver_.told().empty());
  now_ = start_ + 3 * kDay + kHour;
  const auto outcome = alerts().deliver();
  EXPECT_EQ(outcome.at(0).refusal, "given up after three days: the webhook answered 500");
  EXPECT_EQ(outcome.at(0).failure, "");
  EXPECT_EQ(receiver_.told(), Told{"raised b"});
  EXPECT_EQ(standing().refused.size(), 1U);
}

// As a command's end finds it: 100 attempts of 100 s each are configured.
TEST_F(Retries, AReceiverThatHangsHoldsNobodyForLongAndLeavesOthersTheirShare) {
  std::atomic<bool> done{false};
  const RawServer silent([&](const RawRequest&) {
    while (!done) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return "";
  });
  AlertsConfig config;
  config.webhook.url = silent.url("/");
  config.webhook.attempts = 100;
  config.webhook.timeout = 100;
  config.command = {"sh", "-c", "cat >>" + (folder_ / "told")};
  alerts(config).raise({"a", AlertLevel::kAlert, "s", "t"});
  EXPECT_TRUE(path_exists(folder_ / "told"));
  EXPECT_EQ(silent.requests(), 1);
  alerts(config).raise({"b", AlertLevel::kAlert, "s", "t"});  // the pause is not over: nobody is asked
  EXPECT_EQ(silent.requests(), 1);
  done = true;
  Alerts some = alerts(config);
  for (const auto& [id, channel] : some.outbox().standing().channels) {
    if (!id.starts_with("webhook")) continue;
    ASSERT_TRUE(channel.failing);
    EXPECT_NE(channel.failing->failure.find("no answer within 3 s"), std::string::npos)
        << channel.failing->failure;
    EXPECT_EQ(channel.waiting.size(), 2U);
  }
}

TEST_F(Retries, ACommandThatHangsIsEndedWithTheShareOfTime) {
  AlertsConfig config;
  config.command = {"sleep", "600"};
  config.command_seconds = 600;
  alerts(config).raise({"a", AlertLevel::kAlert, "s", "t"});
  const auto failing = standing().failing;
  ASSERT_TRUE(failing);
  EXPECT_NE(failing->failure.find("the command sleep took longer than "), std::string::npos)
      << failing->failure;
}

TEST_F(Retries, EntriesOfAnEarlierVersionAreUnderstood) {
  const Workspace workspace(folder_ / "workspace");
  AlertOutbox outbox(workspace);
  outbox.raise({"a", AlertLevel::kAlert, "s", "t"}, "", {"mail-1"});
  Journal(workspace.path("alerts"), "alerts").append({}, [](const auto& entries) -> std::optional<Json> {
    if (entries.empty() || entries.back().content()["type"] == "release") return std::nullopt;
    return Json{{"type", "release"}, {"channel", "mail-1"}, {"host", "h"},
                {"pid", 1},          {"seconds", 0},        {"failure", "no"}};
  });
  const auto failing = outbox.standing().channels.at("mail-1").failing;
  ASSERT_TRUE(failing);
  EXPECT_EQ(failing->failure, "no");
  EXPECT_LE(failing->next, now_);
}

}  // namespace
}  // namespace millrace
