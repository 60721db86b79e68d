#include "support/process.hpp"

#include <chrono>
#include <fstream>
#include <sstream>
#include <thread>

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support/patience.hpp"
#include "support/temporary_folder.hpp"

namespace millrace::testing_support {

namespace {

std::string read_all(const std::string& path) {
  std::ostringstream text;
  text << std::ifstream(path, std::ios::binary).rdbuf();
  return text.str();
}

int decode(int status) {
  return WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
}

void redirect(const std::string& path, int to) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0644);
  ::dup2(fd, to);
  ::close(fd);
}

// In the child: never returns.
[[noreturn]] void become(const std::vector<std::string>& command, const std::string& folder,
                         const std::string& out, const std::string& err) {
  ::setpgid(0, 0);
  const int nothing = ::open("/dev/null", O_RDONLY);
  ::dup2(nothing, STDIN_FILENO);
  redirect(out, STDOUT_FILENO);
  redirect(err, STDERR_FILENO);
  if (::chdir(folder.c_str()) != 0) ::_exit(127);
  std::vector<char*> arguments;
  for (const std::string& word : command) arguments.push_back(const_cast<char*>(word.c_str()));
  arguments.push_back(nullptr);
  ::execvp(arguments[0], arguments.data());
  ::_exit(127);
}

pid_t start(const std::vector<std::string>& command, const std::string& folder, const std::string& out,
            const std::string& err) {
  const pid_t pid = ::fork();
  if (pid == 0) become(command, folder, out, err);
  ::setpgid(pid, pid);
  return pid;
}

// Polls for the end of `pid` until the limit; true with the decoded status once it has ended.
bool ended_within(pid_t pid, double seconds, int& exit_code) {
  const auto until = std::chrono::steady_clock::now() + patience(seconds);
  do {
    int status = 0;
    if (::waitpid(pid, &status, WNOHANG) == pid) {
      exit_code = decode(status);
      return true;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  } while (std::chrono::steady_clock::now() < until);
  return false;
}

}  // namespace

ProcessResult run_process(const std::vector<std::string>& command, const std::string& folder,
                          double limit_seconds) {
  const TemporaryFolder temporary;
  const auto begin = std::chrono::steady_clock::now();
  const pid_t pid = start(command, folder, temporary / "out", temporary / "err");
  ProcessResult result;
  if (!ended_within(pid, limit_seconds, result.exit_code)) {
    ::kill(-pid, SIGKILL);
    ::waitpid(pid, nullptr, 0);
    ADD_FAILURE() << command[0] << " ran past " << limit_seconds << " s\n" << read_all(temporary / "err");
    result.exit_code = 128 + SIGKILL;
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  result.out = read_all(temporary / "out");
  result.err = read_all(temporary / "err");
  return result;
}

BackgroundProcess::BackgroundProcess(const std::vector<std::string>& command, const std::string& log_file,
                                     const std::string& folder)
    : pid_(start(command, folder, log_file, log_file)) {}

BackgroundProcess::~BackgroundProcess() {
  if (wait(0) != -1) return;
  ::kill(-pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

bool BackgroundProcess::running() {
  return wait(0) == -1;
}

void BackgroundProcess::signal(int number) const {
  ::kill(pid_, number);
}

int BackgroundProcess::wait(double limit_seconds) {
  if (!ended_) ended_ = ended_within(pid_, limit_seconds, exit_code_);
  return ended_ ? exit_code_ : -1;
}

}  // namespace millrace::testing_support
