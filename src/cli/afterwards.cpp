#include "cli/afterwards.hpp"

#include <utility>
#include <vector>

#include "base/error.hpp"
#include "base/log.hpp"

namespace millrace {

namespace {

std::vector<std::function<void()>>& kept_work() {
  static std::vector<std::function<void()>> works;
  return works;
}

}  // namespace

void afterwards(std::function<void()> work) {
  kept_work().push_back(std::move(work));
}

void do_afterwards() {
  for (const auto& work : std::exchange(kept_work(), {})) {
    try {
      work();
    } catch (...) {
      log_warning("{}", current_error().message());
    }
  }
}

}  // namespace millrace
