// Of Worker: what happens to its connections, by the server's doing or by time.
#include <algorithm>

#include "base/text.hpp"
#include "base/topics.hpp"
#include "load/worker.hpp"

namespace millrace::load {

namespace {

constexpr std::uint64_t kGone = 1'000'000'000;  // without any connection: the server is not coming back

}  // namespace

void Worker::open(std::uint32_t slot) {
  slots_[slot].has_answered = false;
  slots_[slot].changed = now();
  handle(slot, slots_[slot].connection.open(address_, epoll_.get(), slot));
}

// A server may close a connection after an answer, but opening one again and again that never answers would
// be another load than the one asked for.
void Worker::lose(std::uint32_t slot) {
  slots_[slot].connection.close();
  slots_[slot].changed = now();
  if (slots_[slot].has_answered) open(slot);
}

void Worker::handle(std::uint32_t slot, Connection::Event event) {
  Connection& connection = slots_[slot].connection;
  switch (event) {
    case Connection::Event::kNothing:
      return;
    case Connection::Event::kConnected:
      last_up_ = now();
      return idle_.push_back(slot);
    case Connection::Event::kAnswer:
      return on_answer(slot);
    case Connection::Event::kMalformed:
      return fail(slot, Failure::kMalformed);
    case Connection::Event::kLost:
      last_error_ = connection.error_number();
      return connection.state() == Connection::State::kBusy ? fail(slot, Failure::kClosed) : lose(slot);
    case Connection::Event::kUnreachable:
      last_error_ = connection.error_number();
      ++result_->connect_failures;
      return lose(slot);
  }
}

Interval* Worker::interval_at(Nanoseconds at) {
  if (at < begin_ || at >= end_) return nullptr;
  const auto i = static_cast<std::size_t>(1e-9 * static_cast<double>(at - begin_) / plan_.interval_seconds);
  return &result_->timeline[std::min(i, result_->timeline.size() - 1)];
}

void Worker::on_answer(std::uint32_t slot) {
  Connection& connection = slots_[slot].connection;
  const auto [due, sent] = connection.question();
  const ResponseScanner& response = connection.response();
  const Nanoseconds at = now();
  --busy_;
  ++result_->answers;
  if (Interval* interval = interval_at(at)) {
    ++(response.is_success() ? interval->ok : interval->other);
    if (response.is_success()) interval->slowest = std::max(interval->slowest, at - due);
  }
  if (due >= begin_) {
    ++result_->statuses[response.status()];
    if (response.is_success()) {
      result_->latency.add(at - due);
      result_->service.add(at - sent);
    }
  }
  if (!plan_.keep_going && response.status() / 100 == 4 && response.status() != 429) {
    throw Error(Topic::kRefusedRequest, "HTTP {}: {}", response.status(), trim(response.body()));
  }
  slots_[slot].has_answered = true;
  if (connection.is_spent()) return lose(slot);
  idle_.push_back(slot);
}

void Worker::fail(std::uint32_t slot, Failure failure) {
  --busy_;
  if (Interval* interval = interval_at(now())) ++interval->failed;
  if (slots_[slot].connection.question().due >= begin_) {
    ++result_->failures[static_cast<std::size_t>(failure)];
  }
  if (failure == Failure::kMalformed && !plan_.keep_going) {
    throw Error(Topic::kFailedRequest, "an answer of {} cannot be read: {}", address_.text,
                slots_[slot].connection.response().complaint());
  }
  lose(slot);
}

void Worker::look_after_connections() {
  const Nanoseconds at = looked_after_ = now();
  for (std::uint32_t i = 0; i < slots_.size(); ++i) look_after(i, at);
  if (plan_.keep_going || at < last_up_ + kGone) return;
  throw unreachable(address_.text, last_error_)
      .in(fmt::format("the server has gone, {:.1f} s and {} answers after the start",
                      1e-9 * static_cast<double>(last_up_), result_->answers));
}

void Worker::look_after(std::uint32_t slot, Nanoseconds at) {
  Slot& one = slots_[slot];
  const auto is_late = [&](Nanoseconds since) { return since + nanoseconds(plan_.timeout_seconds) <= at; };
  switch (one.connection.state()) {
    case Connection::State::kClosed:
      return open(slot);
    case Connection::State::kConnecting:
      if (is_late(one.changed)) lose(slot);
      return;
    case Connection::State::kBusy:
      last_up_ = at;
      if (is_late(one.connection.question().sent)) fail(slot, Failure::kTimeout);
      return;
    case Connection::State::kIdle:
      last_up_ = at;
      return;
  }
}

}  // namespace millrace::load
