#include "base/time.hpp"

#include <fmt/chrono.h>

namespace millrace {

std::string now_rfc3339() {
  using namespace std::chrono;
  const auto now = time_point_cast<milliseconds>(system_clock::now());
  const auto millis = now.time_since_epoch().count() % 1000;
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(floor<seconds>(now)), millis);
}

}  // namespace millrace
