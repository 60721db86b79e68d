#include "base/host.hpp"

#include <array>
#include <cerrno>
#include <ctime>
#include <fstream>
#include <sstream>

#include <sched.h>
#include <signal.h>
#include <unistd.h>

namespace millrace {

std::string host_name() {
  std::array<char, 256> name{};
  return ::gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "unknown";
}

std::vector<int> usable_cores() {
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  std::vector<int> cores;
  if (::sched_getaffinity(0, sizeof allowed, &allowed) == 0) {
    for (int core = 0; core < CPU_SETSIZE; ++core) {
      if (CPU_ISSET(core, &allowed)) cores.push_back(core);
    }
  }
  return cores.empty() ? std::vector<int>{0} : cores;
}

namespace {

constexpr double kClockSlack = 3600;  // seconds by which somebody may have set the clock meanwhile

double seconds_of(clockid_t clock) {
  timespec now{};
  ::clock_gettime(clock, &now);
  return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

bool process_lives(int pid, double time) {
  if (::kill(pid, 0) != 0 && errno == ESRCH) return false;
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  std::string line;
  if (!std::getline(file, line)) return true;
  // proc(5): after the name in parentheses come the state (field 3) and, as field 22, the start in clock
  // ticks since the machine's own.
  std::istringstream fields(line.substr(line.rfind(')') + 1));
  std::string state;
  fields >> state;
  if (state == "Z" || state == "X") return false;
  std::string field;
  for (int number = 4; number <= 22; ++number) fields >> field;
  const double uptime_at_start = std::stod(field) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double started = seconds_of(CLOCK_REALTIME) - seconds_of(CLOCK_BOOTTIME) + uptime_at_start;
  return started <= time + kClockSlack;
}

}  // namespace millrace
