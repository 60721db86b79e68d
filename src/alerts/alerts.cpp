#include "alerts/alerts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "alerts/delivering.hpp"
#include "base/log.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

constexpr double kNoLimit = std::numeric_limits<double>::infinity();

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

Alerts::Alerts(const Workspace& workspace, const AlertsConfig& config, AlertClock clock)
    : outbox_(workspace),
      level_(parse_alert_level(config.level)),
      channels_(alert_channels(config)),
      clock_(std::move(clock)) {}

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
  const Stopwatch watch;
  auto turns = static_cast<double>(channels_.size());
  for (const auto& channel : channels_) {
    const double end = watch.seconds() + (kAtOnceSeconds - watch.seconds()) / turns--;
    send_unrecorded(*channel, end - watch.seconds());
    only_warn("alerts are kept for later", [&] {
      const Delivered ended =
          deliver_waiting(outbox_, *channel, channel->id(), {clock_, end - watch.seconds()});
      if (!ended.failure.empty()) log_warning("alerts are kept for later: {}", ended.failure);
    });
  }
  unrecorded_.clear();
}

std::vector<ChannelOutcome> Alerts::deliver(const DeliverOptions& options) {
  std::vector<ChannelOutcome> outcomes;
  for (const auto& channel : channels_) {
    ChannelOutcome outcome{channel->kind(), "", "", 0, 0};
    std::set<std::string> ids{channel->id()};
    for (const auto& [id, standing] : outbox_.standing().channels) {
      if (options.moved && id.starts_with(channel->kind() + "-")) ids.insert(id);
    }
    for (const std::string& id : ids) {
      if (options.refused) outbox_.restore(id);
      if (outcome.failure.empty()) {
        const bool at_once = options.now || id != channel->id();
        const Delivered ended = deliver_waiting(outbox_, *channel, id, {clock_, kNoLimit, at_once});
        outcome.failure = ended.failure;
        if (!ended.refusal.empty()) outcome.refusal = ended.refusal;
      }
      const auto& all = outbox_.standing().channels;
      if (const auto found = all.find(id); found != all.end()) {
        outcome.waiting += found->second.waiting.size();
        outcome.refused += found->second.refused.size();
      }
    }
    outcomes.push_back(outcome);
  }
  return outcomes;
}

void Alerts::send_unrecorded(AlertChannel& channel, double limit) {
  const Stopwatch watch;
  for (const AlertMessage& message : unrecorded_) {
    const double left = std::max(0.1, limit - watch.seconds());
    const Delivery delivery = channel.deliver(message, left);
    if (!delivery.failure.empty())
      log_warning("the alert '{}' is lost: {}", message.alert.cause, delivery.failure);
  }
}

std::vector<ChannelOutcome> Alerts::test() {
  const AlertMessage message = unrecorded_message(
      "test", {"test", level_, "a test", "Millrace can reach you: nothing has happened."}, "");
  std::vector<ChannelOutcome> outcomes;
  for (const auto& channel : channels_) {
    const Delivery delivery = channel->deliver(message, channel->longest());
    outcomes.push_back({channel->kind(), delivery.failure, "", 0, 0});
  }
  return outcomes;
}

}  // namespace millrace
