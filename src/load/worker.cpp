#include "load/worker.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cmath>
#include <ctime>

#include <poll.h>
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "base/error.hpp"
#include "base/signals.hpp"

namespace millrace::load {

namespace {

constexpr std::uint64_t kLookAfter = 10'000'000;  // connections, every 10 ms

double thread_cpu_seconds() {
  timespec time{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

std::uint32_t share(std::uint32_t total, unsigned thread, unsigned threads) {
  return total / threads + (thread < total % threads ? 1 : 0);
}

}  // namespace

Worker::Worker(const LoadPlan& plan, const Address& address, unsigned thread, Clock::time_point start,
               std::atomic<bool>& abandoned)
    : plan_(plan),
      address_(address),
      start_(start),
      abandoned_(abandoned),
      epoll_(::epoll_create1(EPOLL_CLOEXEC)),
      slots_(share(plan.connections, thread, plan.threads)),
      next_request_(plan.requests.size() * thread / plan.threads),
      begin_(nanoseconds(plan.warmup_seconds)),
      end_(begin_ + nanoseconds(plan.seconds)) {
  if (!epoll_.valid()) throw errno_error("wait on", "connections", errno);
  if (plan.rate > 0) schedule_.emplace(plan.rate, plan.arrivals, plan.seed, thread, plan.threads);
  result_->timeline.resize(static_cast<std::size_t>(std::ceil(plan.seconds / plan.interval_seconds)));
}

Worker::Nanoseconds Worker::now() const {
  return static_cast<Nanoseconds>(std::chrono::nanoseconds(Clock::now() - start_).count());
}

LoadResult Worker::run() {
  try {
    work();
  } catch (...) {
    abandoned_ = true;
    throw;
  }
  while (schedule_ && schedule_->due() < end_) {
    count_unsent(schedule_->due());
    schedule_->advance();
  }
  result_->seconds = 1e-9 * static_cast<double>(end_ - std::min(begin_, end_));
  result_->generator_seconds = thread_cpu_seconds();
  return std::move(*result_);
}

void Worker::work() {
  ::prctl(PR_SET_TIMERSLACK, 1UL);  // or sleeps last 50 µs longer than they should
  for (std::uint32_t i = 0; i < slots_.size(); ++i) open(i);
  while (!is_over()) {
    ask_due();
    wait();
    if (now() >= looked_after_ + kLookAfter) look_after_connections();
  }
}

// The last answers are waited for; look_after() ends that at the latest.
bool Worker::is_over() {
  if (abandoned_) return true;
  if (stop_requested()) end_ = std::min(end_, now());
  return ended_ && busy_ == 0;
}

std::optional<std::uint32_t> Worker::take_idle() {
  while (!idle_.empty()) {
    const std::uint32_t slot = idle_.front();
    idle_.pop_front();
    if (slots_[slot].connection.state() == Connection::State::kIdle) return slot;
  }
  return std::nullopt;
}

// Once more after the end, for what was due just before it.
void Worker::ask_due() {
  if (ended_) return;
  const Nanoseconds at = now();
  ended_ = at >= end_;
  if (schedule_) return ask_when_due(at);
  for (std::size_t left = idle_.size(); !ended_ && left > 0; --left) {
    if (const auto slot = take_idle()) ask(*slot, now());
  }
}

void Worker::ask_when_due(Nanoseconds at) {
  for (; schedule_->due() <= at && schedule_->due() < end_; schedule_->advance()) {
    const Nanoseconds due = schedule_->due();
    if (due + nanoseconds(plan_.timeout_seconds) <= at) {
      count_unsent(due);
    } else if (const auto slot = take_idle()) {
      ask(*slot, due);
    } else {
      return;
    }
  }
}

void Worker::ask(std::uint32_t slot, Nanoseconds due) {
  if (due >= begin_) ++result_->requests;
  ++busy_;
  const std::string& request = plan_.requests[next_request_];
  next_request_ = (next_request_ + 1) % plan_.requests.size();
  handle(slot, slots_[slot].connection.ask(request, {.due = due, .sent = now()}));
}

// Until something happens, a request is due or connections want a look. epoll_wait knows whole milliseconds
// only.
void Worker::wait() {
  std::array<epoll_event, 256> events;
  const Nanoseconds limit = patience();
  if (limit > 0 && limit < kLookAfter) {
    pollfd poll{.fd = epoll_.get(), .events = POLLIN, .revents = 0};
    const timespec time{.tv_sec = 0, .tv_nsec = static_cast<long>(limit)};
    ::ppoll(&poll, 1, &time, nullptr);
  }
  const int milliseconds = limit < kLookAfter ? 0 : static_cast<int>(kLookAfter / 1'000'000);
  const int count = ::epoll_wait(epoll_.get(), events.data(), events.size(), milliseconds);
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<std::size_t>(i)];
    handle(event.data.u32, slots_[event.data.u32].connection.take(event.events));
  }
}

Worker::Nanoseconds Worker::patience() const {
  if (plan_.spin) return 0;
  const Nanoseconds at = now();
  const bool waits_for_due = schedule_ && !ended_ && schedule_->due() > at;
  return waits_for_due ? std::min(schedule_->due() - at, kLookAfter) : kLookAfter;
}

void Worker::count_unsent(Nanoseconds due) {
  if (due >= begin_) ++result_->unsent;
}

}  // namespace millrace::load
