// When requests are due, whether or not earlier ones have been answered: what makes a load open.
#pragma once

#include <cstdint>

#include "base/random.hpp"

namespace millrace::load {

enum class Arrivals : std::uint8_t {
  kFixed,    // at equal distances
  kPoisson,  // as independent clients ask: at exponentially distributed distances
};

// The share of one of `threads` threads in `rate` requests a second. Times are nanoseconds since the start.
class Schedule {
 public:
  Schedule(double rate, Arrivals arrivals, std::uint64_t seed, unsigned thread, unsigned threads);

  [[nodiscard]] std::uint64_t due() const { return static_cast<std::uint64_t>(due_); }  // the next request
  void advance();

 private:
  double gap_;  // on average
  Arrivals arrivals_;
  CounterRandom random_;
  double first_;
  std::uint64_t index_ = 0;
  double due_;
};

}  // namespace millrace::load
