// The deadlines of a connection's stages. There is one timer; where it ends before the deadline it looks
// again, so that a busy connection seldom sets it.
#include "net/session.hpp"

namespace millrace {

namespace {

constexpr std::chrono::milliseconds kCancelInterval{10};

}  // namespace

void HttpSession::enter(Stage stage, double seconds) {
  stage_ = stage;
  late_ = false;
  deadline_ =
      Clock::now() + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
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
  if (socket_.is_open()) start_timer();
}

// Late requests are answered, so their socket stays open: the read that is cancelled says so. A read that has
// just ended is followed by another, so that one look is not enough.
void HttpSession::on_deadline() {
  if (stage_ != Stage::kReading) return drop();
  late_ = true;
  deadline_ = Clock::now() + kCancelInterval;
  ErrorCode ignored;
  socket_.cancel(ignored);
}

}  // namespace millrace
