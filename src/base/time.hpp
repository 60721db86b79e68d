// Wall-clock timestamps (RFC 3339, UTC) and elapsed seconds.
#pragma once

#include <chrono>
#include <string>

namespace millrace {

std::string now_rfc3339();                                              // 2026-11-24T03:26:01.123Z
using Milliseconds = std::chrono::sys_time<std::chrono::milliseconds>;  // since 1970
std::string to_rfc3339(Milliseconds time);
// Seconds since 1970 of such a time. Throws kResource for anything else.
double parse_rfc3339(const std::string& time);

// That this process has computed, by all its threads.
double processor_seconds();

class Stopwatch {
 public:
  [[nodiscard]] double seconds() const {
    return std::chrono::duration<double>(Clock::now() - start_).count();
  }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point start_ = Clock::now();
};

}  // namespace millrace
