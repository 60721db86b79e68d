#include "base/signals.hpp"

#include <atomic>
#include <chrono>
#include <cstdint>
#include <limits>

#include <signal.h>

namespace millrace {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

// Ticks of the steady clock.
constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();
std::atomic<std::int64_t> end{kNever};

bool is_over() noexcept {
  const std::int64_t limit = end.load(std::memory_order_relaxed);
  return limit != kNever && std::chrono::steady_clock::now().time_since_epoch().count() >= limit;
}

void on_signal(int) {
  stop.store(true, std::memory_order_relaxed);
}

}  // namespace

void catch_stop_signals() {
  struct sigaction action {};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  for (const int signal : {SIGTERM, SIGINT, SIGUSR1}) sigaction(signal, &action, nullptr);
}

bool stop_requested() noexcept {
  return stop.load(std::memory_order_relaxed) || is_over();
}
void request_stop() noexcept {
  stop.store(true, std::memory_order_relaxed);
}
void clear_stop_request() noexcept {
  stop.store(false, std::memory_order_relaxed);
}

void stop_after(double seconds) noexcept {
  using Clock = std::chrono::steady_clock;
  const auto span = std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  end.store((Clock::now() + span).time_since_epoch().count(), std::memory_order_relaxed);
}
bool time_is_up() noexcept {
  return is_over() && !stop.load(std::memory_order_relaxed);
}
void lift_time_limit() noexcept {
  end.store(kNever, std::memory_order_relaxed);
}

}  // namespace millrace
