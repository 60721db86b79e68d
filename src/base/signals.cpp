#include "base/signals.hpp"

#include <atomic>

#include <signal.h>

namespace millrace {

namespace {

std::atomic<bool> stop{false};
static_assert(std::atomic<bool>::is_always_lock_free);

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
  return stop.load(std::memory_order_relaxed);
}
void request_stop() noexcept {
  stop.store(true, std::memory_order_relaxed);
}
void clear_stop_request() noexcept {
  stop.store(false, std::memory_order_relaxed);
}

}  // namespace millrace
