#include "serving/calls/request_ids.hpp"

#include <iterator>
#include <random>

#include <fmt/format.h>

namespace millrace {

RequestIds::RequestIds() {
  std::random_device random;
  start_ = std::uint64_t{random()} << 32U | random();
}

void RequestIds::next(std::string& to) {
  to.clear();
  fmt::format_to(std::back_inserter(to), "{:016x}{:08x}", start_,
                 count_.fetch_add(1, std::memory_order_relaxed));
}

}  // namespace millrace
