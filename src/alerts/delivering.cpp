#include "alerts/delivering.hpp"

#include <algorithm>

#include "base/log.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"

namespace millrace {

namespace {

constexpr double kClockSeconds = 60;  // by which the clocks of two hosts may differ

class WaitingMessages {
 public:
  WaitingMessages(AlertOutbox& outbox, AlertChannel& channel, const std::string& id, const AlertClock& clock)
      : outbox_(outbox), channel_(channel), id_(id), clock_(clock) {}

  // "" where an attempt is due.
  std::string pause() {
    const auto& all = outbox_.standing().channels;
    const auto found = all.find(id_);
    if (found == all.end() || !found->second.failing || found->second.failing->next <= clock_()) return "";
    return fmt::format("{}; the next attempt is due at {}", found->second.failing->failure,
                       found->second.failing->due());
  }

  bool claim() { return outbox_.claim(id_, claimed_); }

  Delivered deliver(double limit) {
    const Stopwatch watch;
    while (const auto message = outbox_.next(id_)) {
      const double left = limit - watch.seconds();
      if (left <= 0 || stop_requested()) return release({});
      const Delivery delivery = channel_.deliver(*message, std::min(left, channel_.longest()));
      if (delivery.failure.empty()) {
        outbox_.told(id_, message->number, claimed_);
      } else if (stop_requested()) {
        return release({});  // it was broken off
      } else if (!set_aside(*message, delivery)) {
        return release(failed_again(failing(), delivery.failure, delivery.asked, clock_()));
      }
    }
    return ended_;
  }

 private:
  std::optional<Failing> failing() { return outbox_.standing().channels.at(id_).failing; }

  Delivered release(const std::optional<Failing>& failing) {
    outbox_.release(id_, failing);
    if (failing) ended_.failure = failing->failure;
    return ended_;
  }

  // Where trying again is no use. Returns whether it is.
  bool set_aside(const AlertMessage& message, const Delivery& delivery) {
    const auto before = failing();
    const bool given_up = before && is_given_up(*before, clock_());
    if (!delivery.refused && !given_up) return false;
    ended_.refusal = (delivery.refused ? "" : "given up after three days: ") + delivery.failure;
    outbox_.refused(id_, message.number, ended_.refusal, claimed_);
    log_warning(
        "the alert '{}' is set aside: {}; 'millrace alerts list' shows it, 'millrace alerts deliver CONFIG "
        "--refused' sends it again",
        message.alert.cause, ended_.refusal);
    return true;
  }

  AlertOutbox& outbox_;
  AlertChannel& channel_;
  const std::string& id_;
  const AlertClock& clock_;
  double claimed_ = channel_.longest() + kClockSeconds;
  Delivered ended_;
};

}  // namespace

Delivered deliver_waiting(AlertOutbox& outbox, AlertChannel& channel, const std::string& id,
                          const DeliveryTime& time) {
  WaitingMessages waiting(outbox, channel, id, time.clock);
  if (time.limit <= 0 || stop_requested()) return {};
  if (!time.is_now_due) {
    if (std::string pause = waiting.pause(); !pause.empty()) return {std::move(pause), ""};
  }
  return waiting.claim() ? waiting.deliver(time.limit) : Delivered{};
}

}  // namespace millrace
