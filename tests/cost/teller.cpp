// Claims COUNT alarms of a workspace and prints those that it was first with: cost_teller WORKSPACE COUNT.
#include <cstdio>
#include <string>

#include "cost/alarms.hpp"

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: cost_teller WORKSPACE COUNT\n");
    return 2;
  }
  try {
    const millrace::Workspace workspace(argv[1]);
    for (int i = 0; i < std::stoi(argv[2]); ++i) {
      millrace::CostAlarm alarm;
      alarm.cause = fmt::format("budget/team-a/2026-11/{}/actual", i);
      for (const millrace::CostAlarm& mine : millrace::claim_untold(workspace, {alarm}))
        std::printf("%s\n", mine.cause.c_str());
    }
  } catch (...) {
    std::fprintf(stderr, "cost_teller: %s\n", millrace::current_error().message().c_str());
    return 1;
  }
  return 0;
}
