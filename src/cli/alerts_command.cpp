// millrace alerts: what is open and what waits; delivers it, resolves by hand, tries the channels.
#include "alerts/alerts.hpp"
#include "base/signals.hpp"
#include "base/text.hpp"
#include "base/topics.hpp"
#include "cli/options.hpp"
#include "config/config.hpp"

namespace millrace {

namespace {

Json open_alerts(const AlertStanding& standing) {
  Json list = Json::array();
  for (const auto& [key, alert] : standing.open) {
    list.push_back({{"cause", key.first},
                    {"run", key.second.empty() ? Json(nullptr) : Json(key.second)},
                    {"level", to_string(alert.level)},
                    {"subject", alert.subject},
                    {"since", alert.since},
                    {"told", !alert.channels.empty()}});
  }
  return list;
}

Json refused_messages(const ChannelStanding& channel) {
  Json list = Json::array();
  for (const auto& [message, failure] : channel.refused)
    list.push_back({{"id", message->id},
                    {"cause", message->alert.cause},
                    {"status", message->status},
                    {"time", message->time},
                    {"failure", failure}});
  return list;
}

Json channels_of(const AlertStanding& standing) {
  Json list = Json::array();
  for (const auto& [id, channel] : standing.channels) {
    list.push_back({{"channel", id},
                    {"waiting", channel.waiting.size()},
                    {"refused", refused_messages(channel)},
                    {"oldest", channel.waiting.empty() ? Json(nullptr) : Json(channel.waiting.front()->time)},
                    {"last_told", channel.last_told.empty() ? Json(nullptr) : Json(channel.last_told)},
                    {"failure", channel.failing ? Json(channel.failing->failure) : Json(nullptr)},
                    {"next_attempt", channel.failing ? Json(channel.failing->due()) : Json(nullptr)}});
  }
  return list;
}

void print_channel(const std::string& id, const ChannelStanding& channel) {
  const auto& failing = channel.failing;
  fmt::print("{:<22} {:>3} waiting{}\n", id, channel.waiting.size(),
             failing ? fmt::format(": {} (attempt {}); the next is due at {}", failing->failure,
                                   failing->attempts, failing->due())
                     : "");
  for (const auto& [message, failure] : channel.refused)
    fmt::print("{:<22}     refused: {} {}, of {}: {}\n", "", message->status, message->alert.cause,
               message->time, failure);
}

int run_alerts_list(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, workspace_options(), {}, comm);
  if (!values) return 0;
  const std::string workspace = workspace_of(*values);
  AlertOutbox outbox{Workspace(workspace)};
  const AlertStanding& standing = outbox.standing();
  if (values->count("json") > 0) {
    fmt::print("{}", pretty_json({{"open", open_alerts(standing)}, {"channels", channels_of(standing)}}));
    return 0;
  }
  if (standing.open.empty()) fmt::print("no alerts are open in {}\n", workspace);
  for (const auto& [key, alert] : standing.open)
    fmt::print("{:<8} {}  {}  {}{}\n", to_string(alert.level), alert.since, key.first, alert.subject,
               alert.channels.empty() ? " (not sent)" : "");
  for (const auto& [id, channel] : standing.channels) print_channel(id, channel);
  return 0;
}

// Joined; "" for none.
std::string texts_of(const std::vector<ChannelOutcome>& outcomes, std::string ChannelOutcome::*text) {
  std::vector<std::string> texts;
  for (const ChannelOutcome& outcome : outcomes) {
    if (!(outcome.*text).empty()) texts.push_back(outcome.*text);
  }
  return join(texts, "; ");
}

std::string alerts_are(const std::vector<ChannelOutcome>& outcomes, std::size_t ChannelOutcome::*number) {
  std::size_t sum = 0;
  for (const ChannelOutcome& outcome : outcomes) sum += outcome.*number;
  return sum == 1 ? "1 alert is" : fmt::format("{} alerts are", sum);
}

// What is left over; "" where nothing is.
std::string describe_rest(const std::vector<ChannelOutcome>& outcomes) {
  const std::string failures = texts_of(outcomes, &ChannelOutcome::failure);
  const std::string refusals = texts_of(outcomes, &ChannelOutcome::refusal);
  std::vector<std::string> parts;
  if (!failures.empty())
    parts.push_back(
        fmt::format("{} kept for later: {}", alerts_are(outcomes, &ChannelOutcome::waiting), failures));
  if (!refusals.empty())
    parts.push_back(
        fmt::format("{} set aside: {} ('millrace alerts list' shows them, --refused sends them again)",
                    alerts_are(outcomes, &ChannelOutcome::refused), refusals));
  return join(parts, "; ");
}

std::string describe_outcome(const ChannelOutcome& outcome) {
  const bool went_well = outcome.failure.empty() && outcome.refusal.empty();
  std::string text = went_well ? "delivered" : outcome.failure.empty() ? outcome.refusal : outcome.failure;
  if (outcome.waiting > 0) text += fmt::format(", {} waiting", outcome.waiting);
  if (outcome.refused > 0) text += fmt::format(", {} refused", outcome.refused);
  return text;
}

// Printed in any case; a failure is thrown afterwards.
void print_outcomes(const std::vector<ChannelOutcome>& outcomes, bool json) {
  Json list = Json::array();
  const auto or_null = [](const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); };
  for (const ChannelOutcome& outcome : outcomes) {
    list.push_back({{"channel", outcome.channel},
                    {"failure", or_null(outcome.failure)},
                    {"refusal", or_null(outcome.refusal)},
                    {"waiting", outcome.waiting},
                    {"refused", outcome.refused}});
    if (!json) fmt::print("{:<8} {}\n", outcome.channel, describe_outcome(outcome));
  }
  if (json) fmt::print("{}", pretty_json(list));
  if (outcomes.empty() && !json)
    fmt::print("no channels: alerts.mail.to, alerts.webhook and alerts.command are empty\n");
}

Alerts alerts_of(const PipelineConfig& config) {
  return {Workspace(config.workspace), config.alerts};
}

int run_alerts_deliver(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = pipeline_options();
  options.add_options()                                                                //
      ("moved", "also what waits for other addresses: the configuration has changed")  //
      ("refused", "also what was refused, or given up: the receiver takes it now")     //
      ("now", "do not wait until the next attempt is due");
  const auto values = parse_options(self, arguments, options, {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  catch_stop_signals();
  const auto outcomes = alerts_of(config).deliver(
      {values->count("moved") > 0, values->count("refused") > 0, values->count("now") > 0});
  print_outcomes(outcomes, values->count("json") > 0);
  if (const std::string rest = describe_rest(outcomes); !rest.empty())
    throw Error(Topic::kNotDelivered, "{}", rest);
  return 0;
}

int run_alerts_test(const Command& self, const Arguments& arguments, const Communicator& comm) {
  const auto values = parse_options(self, arguments, pipeline_options(), {"config"}, comm);
  if (!values) return 0;
  const PipelineConfig config = load_pipeline_config(*values, comm);
  catch_stop_signals();
  const auto outcomes = alerts_of(config).test();
  print_outcomes(outcomes, values->count("json") > 0);
  const std::string failures = texts_of(outcomes, &ChannelOutcome::failure);
  if (!failures.empty()) throw Error(Topic::kNotDelivered, "the test alert was not delivered: {}", failures);
  return 0;
}

// Without a configuration nobody is told before somebody else delivers.
int run_alerts_resolve(const Command& self, const Arguments& arguments, const Communicator& comm) {
  po::options_description options = workspace_options();
  options.add_options()                                                          //
      ("cause", po::value<std::string>(), "as 'millrace alerts list' shows it")  //
      ("comment", po::value<std::string>()->default_value("resolved by hand"), "what is said");
  const auto values = parse_options(self, arguments, options, {"cause", "config"}, comm);
  if (!values) return 0;
  const std::string cause = required_text(self, *values, "cause");
  catch_stop_signals();
  AlertOutbox outbox{Workspace(workspace_of(*values))};
  if (!outbox.resolve(cause, text_of(*values, "comment"))) {
    std::vector<std::string> causes;
    for (const auto& [key, alert] : outbox.standing().open) causes.push_back(key.first);
    throw Error(Topic::kUnknownName,
                "no alert is open for the cause '{}'{}; 'millrace alerts list' shows them", cause,
                suggestion(cause, causes));
  }
  if (values->count("config") == 0) return 0;
  PipelineConfig config = load_config(text_of(*values, "config"));
  config.workspace = workspace_of(*values);
  alerts_of(config).deliver_at_once();
  return 0;
}

}  // namespace

Command alerts_command() {
  Command command{"alerts",
                  "ACTION [options]",
                  "Show which alerts are open, deliver what waits, try the channels",
                  "millrace alerts list",
                  false,
                  nullptr};
  command.actions = {
      {"alerts list", "[options]", "Show what is open, what waits for which channel, and what was refused",
       "millrace alerts list --json", false, run_alerts_list},
      {"alerts deliver", "CONFIG [options]",
       "Deliver what the configuration's channels have not taken; for cron",
       "millrace alerts deliver configs/quickstart.yaml", false, run_alerts_deliver},
      {"alerts resolve", "CAUSE [CONFIG] [options]", "Say that the cause of an alert is gone",
       "millrace alerts resolve run/quickstart/failed configs/quickstart.yaml", false, run_alerts_resolve},
      {"alerts test", "CONFIG [options]", "Send a test alert through each channel, and say how it went",
       "millrace alerts test configs/quickstart.yaml", false, run_alerts_test},
  };
  return command;
}

}  // namespace millrace
