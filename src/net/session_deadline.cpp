// The deadlines of a connection's stages. There is one timer; where it ends before the deadline it looks
// again, so that a busy connection seldom sets it.
#include <algorithm>

#include "net/session.hpp"

namespace millrace {

namespace {

constexpr std::chrono::milliseconds kCancelInterval{10};

}  // namespace

HttpSession::Clock::time_point HttpSession::after(Clock::time_point start, double seconds) {
  return start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
}

// That a body may have taken by now, from its begin on.
double HttpSession::body_seconds() const {
  const HttpServerOptions& options = sessions_.options();
  const double earned = static_cast<double>(reader_.body_bytes()) / options.body_rate;
  return std::min(options.body_seconds, options.header_seconds + earned);
}

void HttpSession::enter(Stage stage, double seconds) {
  stage_ = stage;
  late_ = false;
  expect_by(after(Clock::now(), seconds));
}

void HttpSession::expect_by(Clock::time_point deadline) {
  deadline_ = deadline;
  if (!timer_runs_ || deadline_ < timer_.expiry()) start_timer();
}

void HttpSession::start_timer() {
  timer_runs_ = true;
  timer_.expires_at(deadline_);
  timer_.async_wait([weak = weak_from_this()](ErrorCode failure) {
    const auto self = weak.lock();
    if (self && !failure) self->on_timer();
  });
}

void HttpSession::on_timer() {
  timer_runs_ = false;
  if (Clock::now() >= deadline_) on_deadline();
  if (stream_->socket().is_open()) start_timer();
}

// Late requests are answered, so their socket stays open: the read that is cancelled says so. A read that has
// just ended is followed by another, so that one look is not enough.
void HttpSession::on_deadline() {
  if (stage_ != Stage::kReading) return drop();
  late_ = true;
  deadline_ = Clock::now() + kCancelInterval;
  ErrorCode ignored;
  stream_->socket().cancel(ignored);
}

}  // namespace millrace
