// SIGTERM, SIGINT and SIGUSR1 ask for an early stop: work looks at stop_requested() at its step borders,
// agrees on it with the other ranks, saves and leaves with kStopped.
#pragma once

namespace millrace {

void catch_stop_signals();
bool stop_requested() noexcept;  // or time is up
void request_stop() noexcept;        // as a signal would
void clear_stop_request() noexcept;  // for tests that go on after a stop

// For work that may take so long: from then on stop_requested(); an earlier limit is replaced.
void stop_after(double seconds) noexcept;
bool time_is_up() noexcept;  // and nobody asked for a stop
void lift_time_limit() noexcept;

}  // namespace millrace
