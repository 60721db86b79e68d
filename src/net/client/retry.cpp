#include "net/client/retry.hpp"

#include <algorithm>
#include <chrono>
#include <random>
#include <thread>

#include "base/error.hpp"
#include "base/signals.hpp"
#include "base/time.hpp"
#include "net/client/http_client.hpp"

namespace millrace {

bool passes(int status) {
  return status == 408 || status == 429 || status >= 500;
}

double wait_before(std::uint32_t attempt, double first_wait, double asked) {
  thread_local std::minstd_rand random(std::random_device{}());
  const double longest =
      std::min(kLongestWait, first_wait * static_cast<double>(1U << std::min(attempt - 1, 10U)));
  const double drawn = std::uniform_real_distribution<double>(longest / 2, longest)(random);
  return std::min(kLongestWait, std::max(drawn, asked));
}

void wait(double seconds) {
  const Stopwatch waited;
  while (waited.seconds() < seconds) {
    if (stop_requested())
      throw Error(Topic::kStopped, "stopped while a server was waited for; run again to go on");
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
}

}  // namespace millrace
