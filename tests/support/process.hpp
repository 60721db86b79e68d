// Running real programs from tests: exit code, standard output and standard error, with a time limit.
#pragma once

#include <string>
#include <vector>

#include <sys/types.h>

namespace millrace::testing_support {

struct ProcessResult {
  int exit_code = 0;  // 128 + signal where a signal ended it
  std::string out;
  std::string err;
  double seconds = 0;
};

// Runs `command` (a program and its arguments) in `folder`. Fails the calling test where it outlasts
// `limit_seconds` (here and below, of patience.hpp).
ProcessResult run_process(const std::vector<std::string>& command, const std::string& folder = ".",
                          double limit_seconds = 60);

// A program in the background, ended with its whole process group at the latest by the destructor.
class BackgroundProcess {
 public:
  BackgroundProcess(const std::vector<std::string>& command, const std::string& log_file,
                    const std::string& folder = ".");
  ~BackgroundProcess();
  BackgroundProcess(const BackgroundProcess&) = delete;
  BackgroundProcess& operator=(const BackgroundProcess&) = delete;

  [[nodiscard]] pid_t pid() const { return pid_; }
  [[nodiscard]] bool running();
  void signal(int number) const;
  // Waits for the end, at most `limit_seconds`; the exit code as in ProcessResult, -1 where it still runs.
  int wait(double limit_seconds);

 private:
  pid_t pid_ = -1;
  int exit_code_ = -1;
  bool ended_ = false;
};

}  // namespace millrace::testing_support
