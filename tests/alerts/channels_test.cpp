#include <cstdlib>

#include <gtest/gtest.h>

#include "alerts/alerts.hpp"
#include "alerts/channel.hpp"
#include "alerts/receiver.hpp"
#include "base/file.hpp"
#include "base/log.hpp"
#include "base/publish.hpp"
#include "base/time.hpp"
#include "support/temporary_folder.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::Receiver;
using testing_support::TemporaryFolder;

AlertMessage message() {
  return unrecorded_message("raised", {"a", AlertLevel::kAlert, "Größe", "text"}, "run-1");
}

std::string delivered(const AlertsConfig& config) {
  const auto channels = alert_channels(config);
  EXPECT_EQ(channels.size(), 1U);
  return channels.at(0)->deliver(message(), channels.at(0)->longest()).failure;
}

AlertsConfig with_command(const std::string& script) {
  AlertsConfig config;
  config.command = {"sh", "-c", script};
  return config;
}

template <class Body>
std::string refusal(Body body, Topic topic) {
  try {
    body();
  } catch (const Error& error) {
    testing_support::expect_topic(error, topic);
    return error.message();
  }
  ADD_FAILURE() << "no error";
  return "";
}

TEST(CommandChannel, ReadsTheAlertAsJson) {
  const TemporaryFolder folder;
  EXPECT_EQ(delivered(with_command("cat >" + (folder / "alert"))), "");
  const Json alert = read_json_file(folder / "alert");
  EXPECT_EQ(alert["subject"], "Größe");
  EXPECT_EQ(alert["run"], "run-1");
  EXPECT_EQ(alert["status"], "raised");
}

TEST(CommandChannel, HowItFailsIsSaid) {
  EXPECT_EQ(delivered(with_command("echo no paper >&2; exit 3")),
            "the command sh ended with code 3: 'no paper'");
  EXPECT_EQ(delivered(with_command("exit 3")), "the command sh ended with code 3");
  AlertsConfig config;
  config.command = {"no-such-program", "--password=secret"};
  const std::string failure = delivered(config);
  EXPECT_NE(failure.find("no-such-program"), std::string::npos) << failure;
  EXPECT_EQ(failure.find("secret"), std::string::npos) << failure;
}

TEST(CommandChannel, OneThatHangsIsEndedWithItsChildren) {
  AlertsConfig config = with_command("sleep 600 & sleep 600");
  config.command_seconds = 0.2;
  EXPECT_EQ(delivered(config), "the command sh took longer than 0.2 s");
}

TEST(CommandChannel, OneThatReadsNothingIsDelivered) {
  EXPECT_EQ(delivered(with_command("exec <&-; exit 0")), "");
}

TEST(Webhook, IsSignedWithItsTimeAndId) {
  Receiver receiver;
  AlertsConfig config = receiver.config();
  ::setenv("MILLRACE_TEST_HOOK", "key", 1);
  config.webhook.secret = Secret{"env:MILLRACE_TEST_HOOK", {"x.yaml", 1, 1}};
  EXPECT_EQ(delivered(config), "");
  ::unsetenv("MILLRACE_TEST_HOOK");
  const auto request = receiver.seen().at(0);
  EXPECT_EQ(request.method(), "POST");
  EXPECT_EQ(request.header("content-type"), "application/json");
  EXPECT_EQ(request.header("idempotency-key"), Json::parse(request.body)["id"]);
  const double now = parse_rfc3339(now_rfc3339());
  EXPECT_NEAR(std::stod(request.header("x-millrace-timestamp")), now, 60);
  EXPECT_EQ(request.header("x-millrace-signature").size(), 7U + 64U);
}

TEST(Webhook, WithoutASecretIsUnsigned) {
  Receiver receiver;
  EXPECT_EQ(delivered(receiver.config()), "");
  EXPECT_EQ(receiver.seen().at(0).header("x-millrace-signature"), "");
}

TEST(Webhook, OnlyThe200sAreYesAndSomeOthersMayBeYesLater) {
  Receiver receiver;
  const auto channel = alert_channels(receiver.config());
  for (const int status : {301, 400, 401, 403, 404, 408, 410, 413, 422, 429, 500, 503}) {
    receiver.status = status;
    const Delivery delivery = channel.at(0)->deliver(message(), 5);
    EXPECT_EQ(delivery.failure, fmt::format("the webhook answered {}", status));
    const bool may_pass = status == 408 || status == 429 || status >= 500;
    EXPECT_EQ(delivery.refused, !may_pass) << status;
  }
}

TEST(Webhook, AttemptsAreForWhatMayPass) {
  Receiver receiver;
  AlertsConfig config = receiver.config();
  config.webhook.attempts = 2;
  receiver.status = 503;
  delivered(config);
  EXPECT_EQ(receiver.requests(), 2);
  receiver.status = 400;
  delivered(config);
  EXPECT_EQ(receiver.requests(), 3);
}

TEST(Webhook, ASlowReceiverIsGivenUpAndItsAddressKeptSecret) {
  Receiver receiver;
  AlertsConfig config = receiver.config();
  config.webhook.timeout = 0.1;
  receiver.delay = 0.5;
  const std::string failure = delivered(config);
  EXPECT_NE(failure.find("no answer within 0.1 s"), std::string::npos) << failure;
  for (const char* part : {"secret-path", "abc"}) EXPECT_EQ(failure.find(part), std::string::npos) << failure;
}

// A variable of this process for as long as it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

AlertsConfig with_secret_address() {
  AlertsConfig config;
  config.webhook.secret_url = Secret{"env:MILLRACE_TEST_ADDRESS", {"x.yaml", 4, 7}};
  config.webhook.attempts = 1;
  return config;
}

TEST(Webhook, ASecretAddressIsUsedAndNeverShown) {
  Receiver receiver;
  const TemporaryFolder folder;
  const Workspace workspace(folder / "workspace");
  {
    const Variable address("MILLRACE_TEST_ADDRESS", receiver.url());
    Alerts(workspace, with_secret_address()).raise({"a", AlertLevel::kAlert, "s", "t"});
  }
  EXPECT_EQ(receiver.told(), std::vector<std::string>{"raised a"});
  const Variable nobody("MILLRACE_TEST_ADDRESS", "http://localhost:1/secret-path?token=abc");
  const std::string failure = delivered(with_secret_address());
  EXPECT_NE(failure.find("the address of alerts.webhook.secret_url"), std::string::npos) << failure;
  Alerts(workspace, with_secret_address()).raise({"b", AlertLevel::kAlert, "s", "t"});
  std::string all = failure;
  for (const std::string& name : list_folder(workspace.path("alerts")))
    if (name.ends_with(".json")) all += read_file(workspace.path("alerts/" + name));
  EXPECT_NE(all.find("secret_url"), std::string::npos) << all;  // the failure is in the journal
  for (const char* part : {"localhost", "secret-path", "abc", "127.0.0.1"})
    EXPECT_EQ(all.find(part), std::string::npos) << part << " is in " << all;
}

TEST(Webhook, ASecretAddressThatIsNoneIsNamedByItsPlaceAlone) {
  const auto refused = [](Topic topic) {
    return refusal([] { alert_channels(with_secret_address()); }, topic);
  };
  refused(Topic::kEnvironmentVariable);
  const Variable empty("MILLRACE_TEST_ADDRESS", "");
  EXPECT_EQ(refused(Topic::kSecret), "x.yaml:4:7: the secret of alerts.webhook.secret_url is empty");
  const Variable wrong("MILLRACE_TEST_ADDRESS", "hooks.example.org/secret-path");
  EXPECT_EQ(
      refused(Topic::kWrongValue),
      "x.yaml:4:7: alerts.webhook.secret_url is no address of the form http://HOST:PORT/PATH or https://…");
}

TEST(Webhook, WhatIsWrongIsFoundBeforeTheWork) {
  AlertsConfig config;
  config.webhook.url = "hooks.example.org/secret-path";
  const std::string message = refusal([&] { alert_channels(config); }, Topic::kWrongValue);
  EXPECT_EQ(message.find("secret-path"), std::string::npos) << message;
  const TemporaryFolder folder;
  publish_file(folder / "empty", "\n");
  config.webhook.url = "https://hooks.example.org/x";
  config.webhook.secret = Secret{"file:" + (folder / "empty"), {"x.yaml", 3, 1}};
  refusal([&] { alert_channels(config); }, Topic::kSecret);
  config.webhook.secret = Secret{"env:NO_SUCH_VARIABLE", {"x.yaml", 3, 1}};
  refusal([&] { alert_channels(config); }, Topic::kEnvironmentVariable);
}

TEST(MailChannel, GivesTheMessageToSendmail) {
  const TemporaryFolder folder;
  publish_file(folder / "sendmail", "#!/bin/sh\nprintf '%s ' \"$@\" >" + (folder / "words") + "\ncat >" +
                                        (folder / "mail") + "\n");
  AlertsConfig config;
  config.mail.to = {"ops@example.org"};
  config.mail.sendmail = {"sh", folder / "sendmail", "-i", "-t"};
  EXPECT_EQ(delivered(config), "");
  EXPECT_EQ(read_file(folder / "words"), "-i -t ");  // no address on the command line
  EXPECT_NE(read_file(folder / "mail").find("To: ops@example.org\n"), std::string::npos);
  config.mail.sendmail = {"sh", "-c", "echo queue full >&2; exit 75"};
  EXPECT_EQ(delivered(config), "the mailer sh ended with code 75: 'queue full'");
  config.mail.sendmail.clear();
  refusal([&] { alert_channels(config); }, Topic::kWrongValue);
}

TEST(Channels, AreToldApartByWhomTheyReach) {
  AlertsConfig config;
  config.mail.to = {"a@x"};
  const std::string first = alert_channels(config).at(0)->id();
  EXPECT_EQ(first.substr(0, 5), "mail-");
  EXPECT_EQ(alert_channels(config).at(0)->id(), first);
  config.mail.to = {"b@x"};
  EXPECT_NE(alert_channels(config).at(0)->id(), first);
}

TEST(Channels, ATestSaysHowEachEnded) {
  const TemporaryFolder folder;
  Receiver receiver;
  AlertsConfig config = receiver.config();
  config.command = {"false"};
  Alerts alerts(Workspace(folder / "workspace"), config);
  const auto outcomes = alerts.test();
  ASSERT_EQ(outcomes.size(), 2U);
  EXPECT_EQ(outcomes[0].failure, "");
  EXPECT_EQ(outcomes[1].failure, "the command false ended with code 1");
  EXPECT_EQ(receiver.told(), std::vector<std::string>{"test test"});
  EXPECT_FALSE(path_exists(folder / "workspace"));
}

}  // namespace
}  // namespace millrace
