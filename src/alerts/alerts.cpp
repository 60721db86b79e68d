#include "alerts/alerts.hpp"

#include <limits>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

constexpr double kAtOnceSeconds = 10;
constexpr double kNoLimit = std::numeric_limits<double>::infinity();
constexpr double kClockSeconds = 60;  // by which the clocks of two hosts may differ

// For what must not fail the work that alerts are about.
template <class Body>
void only_warn(const char* what, Body&& body) {
  try {
    body();
  } catch (...) {
    log_warning("{}: {}", what, current_error().message());
  }
}

}  // namespace

Alerts::Alerts(const Workspace& workspace, const AlertsConfig& config)
    : outbox_(workspace), level_(parse_alert_level(config.level)), channels_(alert_channels(config)) {}

void Alerts::raise(const Alert& alert, const std::string& run) {
  note(alert, run);
  deliver_at_once();
}

void Alerts::resolve(const std::string& cause, const std::string& text) {
  note_resolved(cause, text);
  deliver_at_once();
}

void Alerts::note(const Alert& alert, const std::string& run) {
  std::set<std::string> told;
  if (alert.level >= level_) {
    for (const auto& channel : channels_) told.insert(channel->id());
  }
  try {
    outbox_.raise(alert, run, told);
  } catch (...) {
    log_warning("the alert '{}' cannot be recorded, so it may be told again: {}", alert.cause,
                current_error().message());
    if (!told.empty()) unrecorded_.push_back(unrecorded_message("raised", alert, run));
  }
}

void Alerts::note_resolved(const std::string& cause, const std::string& text) {
  only_warn("that an alert is resolved cannot be recorded", [&] { outbox_.resolve(cause, text); });
}

void Alerts::deliver_at_once() {
  send_unrecorded();
  const Stopwatch watch;
  for (const auto& channel : channels_) {
    only_warn("alerts are kept for later", [&] {
      const std::string failure = deliver_to(*channel, channel->id(), kAtOnceSeconds - watch.seconds());
      if (!failure.empty()) log_warning("alerts are kept for later: {}", failure);
    });
  }
}

std::vector<ChannelOutcome> Alerts::deliver(bool moved) {
  std::vector<ChannelOutcome> outcomes;
  for (const auto& channel : channels_) {
    ChannelOutcome outcome{channel->kind(), "", 0};
    std::set<std::string> ids{channel->id()};
    for (const auto& [id, standing] : outbox_.standing().channels) {
      if (moved && id.starts_with(channel->kind() + "-")) ids.insert(id);
    }
    for (const std::string& id : ids) {
      if (outcome.failure.empty()) outcome.failure = deliver_to(*channel, id, kNoLimit);
      const auto& all = outbox_.standing().channels;
      if (const auto found = all.find(id); found != all.end())
        outcome.waiting += found->second.waiting.size();
    }
    outcomes.push_back(outcome);
  }
  return outcomes;
}

// Under a claim, so that of several processes one delivers. Killed between a delivery and its record, the
// message is sent again, with the same id.
std::string Alerts::deliver_to(AlertChannel& channel, const std::string& id, double limit) {
  const Stopwatch watch;
  const double longest = channel.longest() + kClockSeconds;
  if (limit <= 0 || stop_requested() || !outbox_.claim(id, longest)) return "";
  while (const auto message = outbox_.next(id)) {
    const bool goes_on = watch.seconds() < limit && !stop_requested();
    const std::string failure = goes_on ? channel.deliver(*message) : "";
    if (!goes_on || !failure.empty()) return outbox_.release(id, failure), failure;
    outbox_.told(id, message->number, longest);
  }
  return "";
}

void Alerts::send_unrecorded() {
  for (const AlertMessage& message : unrecorded_) {
    for (const auto& channel : channels_) {
      const std::string failure = channel->deliver(message);
      if (!failure.empty()) log_warning("the alert '{}' is lost: {}", message.alert.cause, failure);
    }
  }
  unrecorded_.clear();
}

std::vector<ChannelOutcome> Alerts::test() {
  const AlertMessage message = unrecorded_message(
      "test", {"test", level_, "a test", "Millrace can reach you: nothing has happened."}, "");
  std::vector<ChannelOutcome> outcomes;
  for (const auto& channel : channels_) outcomes.push_back({channel->kind(), channel->deliver(message), 0});
  return outcomes;
}

}  // namespace millrace
