#include "alerts/alerts.hpp"

#include <algorithm>
#include <limits>
#include <utility>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

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

double alert_time() {
  return parse_rfc3339(now_rfc3339());
}

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
      const Ended ended = deliver_to(*channel, channel->id(), end - watch.seconds());
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
        const Ended ended = deliver_to(*channel, id, kNoLimit, options.now || id != channel->id());
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

std::string Alerts::pause_of(const std::string& id) {
  const auto& all = outbox_.standing().channels;
  const auto found = all.find(id);
  if (found == all.end() || !found->second.failing || found->second.failing->next <= clock_()) return "";
  return fmt::format("{}; the next attempt is due at {}", found->second.failing->failure,
                     found->second.failing->due());
}

// Under a claim, so that of several processes one delivers. Killed between a delivery and its record, the
// message is sent again, with the same id.
Alerts::Ended Alerts::deliver_to(AlertChannel& channel, const std::string& id, double limit, bool now) {
  Ended ended;
  if (limit <= 0 || stop_requested()) return ended;
  if (!now) ended.failure = pause_of(id);
  if (ended.failure.empty() && outbox_.claim(id, channel.longest() + kClockSeconds))
    deliver_claimed(channel, id, limit, ended);
  return ended;
}

void Alerts::deliver_claimed(AlertChannel& channel, const std::string& id, double limit, Ended& ended) {
  const Stopwatch watch;
  const double claimed = channel.longest() + kClockSeconds;
  while (const auto message = outbox_.next(id)) {
    const double left = limit - watch.seconds();
    if (left <= 0 || stop_requested()) return outbox_.release(id, {});
    const Delivery delivery = channel.deliver(*message, std::min(left, channel.longest()));
    if (delivery.failure.empty()) {
      outbox_.told(id, message->number, claimed);
    } else if (!goes_on_after(delivery, id, *message, claimed, ended)) {
      return;
    }
  }
}

bool Alerts::goes_on_after(const Delivery& delivery, const std::string& id, const AlertMessage& message,
                           double claimed, Ended& ended) {
  if (stop_requested()) return outbox_.release(id, {}), false;  // it was broken off
  const double now = clock_();
  const Failing failing =
      failed_again(outbox_.standing().channels.at(id).failing, delivery.failure, delivery.asked, now);
  if (!delivery.refused && !is_given_up(failing, now)) {
    ended.failure = delivery.failure;
    return outbox_.release(id, failing), false;
  }
  ended.refusal = (delivery.refused ? "" : "given up after three days: ") + delivery.failure;
  outbox_.refused(id, message.number, ended.refusal, claimed);
  log_warning(
      "the alert '{}' is set aside: {}; 'millrace alerts list' shows it, 'millrace alerts deliver CONFIG "
      "--refused' sends it again",
      message.alert.cause, ended.refusal);
  return true;
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
