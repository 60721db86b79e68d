// What a run tells others, and millrace alerts, through the real executable.
#include <gtest/gtest.h>

#include "alerts/receiver.hpp"
#include "base/file.hpp"
#include "cli/workbench.hpp"
#include "support/topics.hpp"

namespace millrace {
namespace {

using testing_support::expect_topic;
using testing_support::ProcessResult;
using testing_support::Receiver;
using testing_support::Workbench;
using Told = std::vector<std::string>;

class AlertsOfRuns : public testing::Test {
 protected:
  void SetUp() override {
    bench_.make_data(1, 200);
    configure("url: \"" + receiver_.url() + "\"");
  }
  void configure(const std::string& webhook) const {
    bench_.write("pipeline.yaml",
                 Workbench::configuration("alerts:\n  webhook: { " + webhook + ", attempts: 1 }\n"));
  }
  [[nodiscard]] ProcessResult failing_run() const {
    return bench_.millrace({"features", "pipeline.yaml", "--quiet", "--set=data.target.column=chrned"});
  }
  [[nodiscard]] ProcessResult alerts(std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), "alerts");
    return bench_.millrace(arguments);
  }
  [[nodiscard]] Json channel() const {
    const auto list = alerts({"list", "--workspace", "workspace", "--json"});
    EXPECT_EQ(list.exit_code, 0) << list.err;
    return Json::parse(list.out, nullptr, false).at("channels").at(0);
  }

  Workbench bench_;
  Receiver receiver_;
};

TEST_F(AlertsOfRuns, WhatTheWebhookRefusesIsSetAsideAndSentWhenSomebodyAsks) {
  receiver_.status = 404;
  const auto run = failing_run();
  EXPECT_EQ(run.exit_code, 2) << run.err;
  EXPECT_EQ(receiver_.requests(), 0);  // what the user has to correct is no alert
  ASSERT_NE(bench_.millrace({"ingest", "pipeline.yaml", "--set=data.source=no/such/*.csv"}).exit_code, 0);
  ASSERT_EQ(receiver_.requests(), 1);
  const Json set_aside = channel();
  EXPECT_EQ(set_aside.at("waiting"), 0);
  EXPECT_EQ(set_aside.at("refused").at(0).at("cause"), "run/test/failed");
  EXPECT_EQ(set_aside.at("refused").at(0).at("failure"), "the webhook answered 404");
  const auto list = alerts({"list", "--workspace", "workspace"});
  EXPECT_NE(list.out.find("refused: raised run/test/failed, of "), std::string::npos) << list.out;
  EXPECT_EQ(alerts({"deliver", "pipeline.yaml"}).exit_code, 0);
  EXPECT_EQ(receiver_.requests(), 1);
  const auto again = alerts({"deliver", "pipeline.yaml", "--refused"});
  expect_topic(again.exit_code, again.err, Topic::kNotDelivered);
  EXPECT_NE(again.err.find("1 alert is set aside: the webhook answered 404"), std::string::npos) << again.err;
  receiver_.status = 200;
  const auto sent = alerts({"deliver", "pipeline.yaml", "--refused"});
  EXPECT_EQ(sent.exit_code, 0) << sent.err;
  EXPECT_EQ(sent.out, "webhook  delivered\n");
  EXPECT_EQ(receiver_.told(), Told{"raised run/test/failed"});
}

TEST_F(AlertsOfRuns, WhatIsKeptIsDueLaterOrNow) {
  receiver_.status = 503;
  ASSERT_NE(bench_.millrace({"ingest", "pipeline.yaml", "--set=data.source=no/such/*.csv"}).exit_code, 0);
  receiver_.status = 200;
  const auto early = alerts({"deliver", "pipeline.yaml"});
  expect_topic(early.exit_code, early.err, Topic::kNotDelivered);
  EXPECT_NE(
      early.err.find("1 alert is kept for later: the webhook answered 503; the next attempt is due at "),
      std::string::npos)
      << early.err;
  EXPECT_EQ(receiver_.requests(), 1);
  EXPECT_TRUE(channel().at("next_attempt").is_string());
  EXPECT_EQ(alerts({"deliver", "pipeline.yaml", "--now"}).exit_code, 0);
  EXPECT_EQ(receiver_.told(), Told{"raised run/test/failed"});
  EXPECT_TRUE(channel().at("next_attempt").is_null());
}

TEST_F(AlertsOfRuns, ASecretAddressIsNowhereToBeSeen) {
  bench_.write("address", "http://localhost:1/secret-path\n");
  configure("secret_url: \"${secret:file:" + bench_.path("address") + "}\"");
  const auto run = bench_.millrace({"ingest", "pipeline.yaml", "--set=data.source=no/such/*.csv"});
  EXPECT_NE(run.err.find("the address of alerts.webhook.secret_url"), std::string::npos) << run.err;
  const auto test = alerts({"test", "pipeline.yaml"});
  expect_topic(test.exit_code, test.err, Topic::kNotDelivered);
  std::string all = run.out + run.err + test.out + test.err;
  const auto list = alerts({"list", "--workspace", "workspace", "--json"});
  all += list.out + read_file(bench_.path("workspace/runs/latest/config.resolved.yaml"));
  for (const char* part : {"secret-path", "localhost:1", "localhost port"})
    EXPECT_EQ(all.find(part), std::string::npos) << part << " is in\n" << all;
  bench_.write("address", receiver_.url() + "\n");
  EXPECT_EQ(alerts({"deliver", "pipeline.yaml", "--moved"}).exit_code, 0);
  EXPECT_EQ(receiver_.told(), Told{"raised run/test/failed"});
}

TEST_F(AlertsOfRuns, TwoAddressesAreAContradiction) {
  configure("url: https://hooks.example.org/a, secret_url: \"${secret:env:MILLRACE_NO_HOOK}\"");
  const auto run = failing_run();
  expect_topic(run.exit_code, run.err, Topic::kContradiction);
  EXPECT_NE(run.err.find("alerts.webhook has url and secret_url; leave one of them out"), std::string::npos)
      << run.err;
  EXPECT_NE(run.err.find("pipeline.yaml:"), std::string::npos) << run.err;
}

}  // namespace
}  // namespace millrace
