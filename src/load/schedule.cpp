#include "load/schedule.hpp"

#include <cmath>

namespace millrace::load {

// At equal distances the threads take turns; Poisson processes add up to one whatever their phases.
Schedule::Schedule(double rate, Arrivals arrivals, std::uint64_t seed, unsigned thread, unsigned threads)
    : gap_(1e9 * threads / rate),
      arrivals_(arrivals),
      random_(derive_key({seed, thread})),
      first_(1e9 * thread / rate),
      due_(first_) {
  if (arrivals_ == Arrivals::kPoisson) {
    due_ = 0;
    advance();
  }
}

void Schedule::advance() {
  ++index_;
  if (arrivals_ == Arrivals::kFixed) {
    due_ = first_ + static_cast<double>(index_) * gap_;
  } else {
    due_ -= std::log1p(-random_.uniform()) * gap_;
  }
}

}  // namespace millrace::load
