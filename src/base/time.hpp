// Wall-clock timestamps (RFC 3339, UTC) and elapsed seconds.
#pragma once

#include <chrono>
#include <string>

namespace millrace {

std::string now_rfc3339();  // 2026-11-24T03:26:01.123Z

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
